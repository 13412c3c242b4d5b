internal import GraphCore
internal import PythonBridge
internal import TensorCore

extension PythonModule {
  /// The functions behind gradient tapes, whose classes are in the Python files.
  static var gradientFunctions: [PyEntry] {
    [
      // Takes the number of an owner, and starts a recording. Returns a function: with a tensor it returns
      // the tensor's taped twin, without one it ends the recording. Inside of code that is already being
      // recorded, that recording is used and not ended.
      PyEntry("recording") { arguments, gil in
        let place = PythonPlace.current(gil)
        let current = GradientTape.current
        let recording = current ?? GradientTape(of: "GradientTape", at: place.location)
        let isOwn = current == nil
        let owner = try arguments.int(0, gil)
        if isOwn { OwnedRecordings.add(recording, of: owner) }
        return try PythonExport.object("recording", gil) { arguments, gil in
          guard arguments.count > 0 else {
            if isOwn {
              recording.finish()
              OwnedRecordings.remove(owner)
            }
            return try Python.none
          }
          let tensor = try arguments.tensor(0, gil)
          let place = PythonPlace.current(gil)
          let isTracing = Recorder.current?.isOpen ?? false
          let live =
            isTracing
            ? try own(tensor, file: place.file, line: place.line) : recording.watch(tensor)
          return PythonObject(try PyTensor.wrap(live, gil))
        }
      },
      // takes a target, a list of sources, and an upstream gradient or None; returns a list of gradients and
      // Nones
      PyEntry("gradient") { arguments, gil in
        let sources = try arguments.operands(1, gil).map(\.tensor)
        return try gradients(arguments, gil) { target, upstream, place in
          try gradient(
            of: target, with: sources, upstream: upstream, file: place.file, line: place.line)
        }
      },
      PyEntry("is_recorded") { arguments, gil in
        try PythonObject(arguments.tensor(0, gil).isRecorded)
      },
      // whether the tensor is part of a recording, even if that has ended
      PyEntry("is_live") { arguments, gil in
        try PythonObject(arguments.tensor(0, gil).tapedValue != nil)
      },
      // notes that the tensor's elements are read as Python numbers
      PyEntry("note_read") { arguments, gil in
        let tensor = try arguments.tensor(0, gil)
        if tensor.isRecorded { tensor.noteRead(at: PythonPlace.current(gil).location) }
        return try Python.none
      },
      // takes a target without a tape, and sources; raises an error if the sources have been read
      // as numbers
      PyEntry("expect_no_read") { arguments, gil in
        try arguments.tensor(0, gil).expectNoRead(of: arguments.operands(1, gil).map(\.tensor))
        return try Python.none
      },
      // another object for the same tensor
      PyEntry("alias") { arguments, gil in
        PythonObject(try PyTensor.wrap(arguments.tensor(0, gil), gil))
      },
      // the tensor, without its record if the recording has ended
      PyEntry("settled") { arguments, gil in
        let tensor = try arguments.tensor(0, gil)
        return PythonObject(
          try PyTensor.wrap(tensor.isRecorded ? tensor : tensor.detached, gil))
      },
      // replaces the first object by the second for the code of an owner, which is a number;
      // without a second one, undoes that
      PyEntry("replace") { arguments, gil in
        let other = try arguments.isNone(1) ? nil : arguments.object(1, gil)
        try PyTensor.replace(
          arguments.object(0, gil), by: other, for: Int(arguments.object(2, gil)), gil)
        return try Python.none
      },
      // sets the function that returns the owner of the running code
      PyEntry("set_owner") { arguments, gil in
        PyTensor.setOwner(try arguments.object(0, gil))
        return try Python.none
      },
    ]
  }

  /// The gradients of the target in the first argument, as a Python list of tensors and Nones.
  ///
  /// The third argument is an upstream gradient or None.
  static func gradients(
    _ arguments: borrowing PyArguments, _ gil: borrowing GIL,
    _ compute: (_ target: Tensor, _ upstream: Tensor?, _ place: PythonPlace?) throws -> [Tensor?]
  ) throws -> PythonObject {
    let target = try arguments.tensor(0, gil)
    let upstream = try arguments.isNone(2) ? nil : arguments.tensor(2, gil)
    let place = PythonPlace.current(gil)
    let found = try gil.releasedHeedingSignals { try compute(target, upstream, place) }
    return try PythonObject(
      list: found.map { tensor in
        guard let tensor else { return try Python.none }
        return PythonObject(try PyTensor.wrap(tensor, gil))
      })
  }
}

/// The recordings of tapes, by the numbers of their owners.
private enum OwnedRecordings {
  private struct Entry: Sendable { weak var recording: GradientTape? }

  private static let entries: Locked<[Int: Entry]> = {
    GradientTape.setProvider {
      // Without Python there are no tapes.
      guard let owner = try? GIL.held({ gil in PyTensor.currentOwner(gil) }) else { return nil }
      return OwnedRecordings.of(owner)
    }
    return Locked([:])
  }()

  static func add(_ recording: GradientTape, of owner: Int) {
    entries.withLock { $0[owner] = Entry(recording: recording) }
    recording.open()
  }

  static func remove(_ owner: Int) { entries.withLock { $0[owner] = nil } }

  private static func of(_ owner: Int) -> GradientTape? {
    owner == 0 ? nil : entries.withLock { $0[owner]?.recording }
  }
}
