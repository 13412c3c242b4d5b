internal import Dispatch
internal import TensorCore

/// The rest of a run, with helper threads for operations that do not wait for each other.
///
/// The calling thread takes part: it continues alone if no other thread is free, so that a run
/// inside a run, or on a pool of one thread, does not wait for ever. Only the calling thread runs
/// ordered steps, so that they run on the caller's thread and in its task, as in any other run.
/// Helpers are tasks of ``Parallel``, and stop when no step is ready for them.
final class OverlappingRun: Sendable {
  private let plan: ExecutionPlan
  private let observer: ProfileRecorder?
  /// How many threads may help at a time.
  private let most: Int
  private let state: Locked<State>
  /// Wakes the caller when it waits.
  private let news = DispatchSemaphore(value: 0)

  private struct State {
    var slots: [Tensor?]
    /// For each slot, the number of remaining uses.
    var uses: [Int]
    /// For each step, the number of steps that it waits for.
    var awaited: [Int]
    var ready = Ready()
    /// The number of steps that have not been run.
    var left: Int
    var running = 0
    var helpers = 0
    var callerWaits = false
    /// Whether the caller has been woken, and has not taken a step since.
    var callerIsComing = false
    var failure: (step: Int, error: any Error)?

    var isOver: Bool { running == 0 && (left == 0 || failure != nil) }
  }

  /// The steps that wait for nothing.
  private struct Ready {
    /// For the caller only.
    var ordered = StepQueue()
    /// Small steps are taken before large ones, since they may make further large steps ready.
    var small = StepQueue()
    var large = StepQueue()

    var isEmpty: Bool { ordered.isEmpty && small.isEmpty && large.isEmpty }

    mutating func take(isCaller: Bool) -> Int? {
      if isCaller, let step = ordered.popFirst() { return step }
      return small.popFirst() ?? large.popFirst()
    }
  }

  /// One step, with its arguments.
  private struct Job {
    let step: Int
    /// Nil when one of them is missing, which is an error, and after they have been passed on.
    var arguments: [Tensor]?
  }

  /// Whether more than one thread may be used in this task.
  static var isAllowed: Bool { Parallel.limit != 1 && !HeldLocks.areHeld }

  /// A run whose steps before `first` have been run.
  init(
    of plan: ExecutionPlan, from first: Int, taking slots: inout [Tensor?],
    _ observer: ProfileRecorder?
  ) {
    self.plan = plan
    self.observer = observer
    // At least two threads, since a callback may wait without using a core.
    most = min(max(Parallel.cores, 2), Parallel.limit ?? .max) - 1
    var state = State(
      slots: slots, uses: Array(repeating: 0, count: plan.slots.count),
      awaited: plan.steps.map { step in step.dependencies.count { $0 >= first } },
      left: plan.steps.count - first)
    for step in plan.steps[first...] {
      for use in step.inputs { state.uses[use.slot] += 1 }
    }
    for use in plan.outputs { state.uses[use.slot] += 1 }
    for step in first..<plan.steps.count where state.awaited[step] == 0 {
      Self.add(step, of: plan, to: &state)
    }
    slots = []
    self.state = Locked(state)
  }

  /// Runs the remaining steps, and waits for the helpers.
  ///
  /// - Throws: `OperationError`, of the first node of those that have thrown.
  func finish() throws -> [Tensor] {
    var isOver = false
    while !isOver {
      var (job, helpers): (Job?, Int) = state.withLock { state in
        isOver = state.isOver
        if isOver { return (nil, 0) }
        state.callerIsComing = false
        let next = take(from: &state, isCaller: true)
        state.callerWaits = next.job == nil
        return next
      }
      summon(helpers)
      if job != nil {
        run(&job)
      } else if !isOver {
        news.wait()
      }
    }
    return try end()
  }

  /// The results; all other values are released here, even if a helper starts late.
  private func end() throws -> [Tensor] {
    var (slots, failure) = state.withLock { state in
      defer { state.slots = [] }
      return (state.slots, state.failure)
    }
    if let failure { throw failure.error }
    return try plan.outputs.map { use in
      guard let value = use.isLast ? slots[use.slot].take() : slots[use.slot] else {
        throw ExecutionPlan.missingValue
      }
      return value
    }
  }

  // MARK: - Steps

  /// The next step that this thread may run, nil when there is none now, and how many more threads
  /// are to help.
  private func take(from state: inout State, isCaller: Bool) -> (job: Job?, helpers: Int) {
    guard state.failure == nil, let step = state.ready.take(isCaller: isCaller) else {
      return (nil, 0)
    }
    let waiting = state.ready.large.count - (state.callerIsComing ? 1 : 0)
    let helpers = max(min(waiting, most - state.helpers), 0)
    state.helpers += helpers
    return (job(for: step, taking: &state), helpers)
  }

  private func job(for step: Int, taking state: inout State) -> Job {
    state.running += 1
    var arguments: [Tensor] = []
    let inputs = plan.steps[step].inputs
    arguments.reserveCapacity(inputs.count)
    for use in inputs {
      state.uses[use.slot] -= 1
      let isLast = state.uses[use.slot] == 0
      guard let value = isLast ? state.slots[use.slot].take() : state.slots[use.slot] else {
        return Job(step: step, arguments: nil)
      }
      arguments.append(value)
    }
    return Job(step: step, arguments: arguments)
  }

  /// Runs a step, which consumes its arguments, and makes the steps that waited for it ready.
  private func run(_ job: inout Job?) {
    guard let index = job?.step else { return }
    let step = plan.steps[index]
    let results: Result<[Tensor], any Error>
    do {
      guard let arguments = job?.arguments.take() else { throw ExecutionPlan.missingValue }
      results = .success(try plan.run(step, arguments, observer))
    } catch {
      results = .failure(error)
    }
    let callerIsWanted = state.withLock { state in
      state.running -= 1
      switch results {
      case .success(let results):
        state.left -= 1
        for (slot, result) in zip(step.results, results) {
          if let slot { state.slots[slot] = result }
        }
        if state.failure == nil { release(plan.successors[index], in: &state) }
      case .failure(let error):
        if index < state.failure?.step ?? .max { state.failure = (index, error) }
        state.ready = Ready()
      }
      let callerIsWanted = state.callerWaits && (state.isOver || !state.ready.isEmpty)
      if callerIsWanted { (state.callerWaits, state.callerIsComing) = (false, true) }
      return callerIsWanted
    }
    if callerIsWanted { news.signal() }
  }

  /// Decreases the number of steps for which `steps` wait.
  private func release(_ steps: [Int], in state: inout State) {
    for step in steps {
      state.awaited[step] -= 1
      if state.awaited[step] == 0 { Self.add(step, of: plan, to: &state) }
    }
  }

  /// Adds a step that waits for no other to the ready steps.
  private static func add(_ index: Int, of plan: ExecutionPlan, to state: inout State) {
    let step = plan.steps[index]
    if step.isOrdered {
      state.ready.ordered.insert(index)
    } else if plan.isLarge(step, { state.slots[$0] }) {
      state.ready.large.insert(index)
    } else {
      state.ready.small.insert(index)
    }
  }

  // MARK: - Helpers

  private func summon(_ count: Int) {
    for _ in 0..<count {
      let limit = Parallel.limit
      let isStarted = Parallel.start { [self] in
        Parallel.$limit.withValue(limit) {
          Executor.$observer.withValue(observer) { help() }
        }
      }
      if !isStarted { state.withLock { $0.helpers -= 1 } }
    }
  }

  /// Runs steps until none is ready.
  private func help() {
    while true {
      var (job, helpers) = state.withLock { state in
        let next = take(from: &state, isCaller: false)
        if next.job == nil { state.helpers -= 1 }
        return next
      }
      summon(helpers)
      if job == nil { return }
      run(&job)
    }
  }
}

/// Steps that are taken in the graph's order: a binary heap, since a run may begin with all of
/// them.
private struct StepQueue {
  private var steps: [Int] = []

  var isEmpty: Bool { steps.isEmpty }
  var count: Int { steps.count }

  mutating func insert(_ step: Int) {
    var place = steps.count
    steps.append(step)
    while place > 0, case let parent = (place - 1) / 2, steps[parent] > step {
      steps[place] = steps[parent]
      place = parent
    }
    steps[place] = step
  }

  mutating func popFirst() -> Int? {
    guard let first = steps.first, let last = steps.popLast() else { return nil }
    if steps.isEmpty { return first }
    var place = 0
    while case let left = 2 * place + 1, left < steps.count {
      let right = left + 1
      let child = right < steps.count && steps[right] < steps[left] ? right : left
      if steps[child] > last { break }
      steps[place] = steps[child]
      place = child
    }
    steps[place] = last
    return first
  }
}
