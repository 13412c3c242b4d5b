import Foundation
import Testing

/// What the tool does under `ulimit -s`.
@Suite(.serialized) struct StackTests {
  /// Sizes in KiB; the largest that the system allows, for which threads get 2 MB.
  static let sizes = ["512", "1024", "2048", "4096", "8192", "$(ulimit -H -s)"]

  @Test(arguments: sizes)
  func `a program runs on the main thread, and recursion has Python's own limit`(
    size: String
  ) async throws {
    let folder = try Folder()
    try folder.write(
      """
      import os, signal, sys, threading
      signal.signal(signal.SIGTERM, lambda *_: print("handled"))
      signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGTERM])
      signal.raise_signal(signal.SIGTERM)
      assert threading.current_thread() is threading.main_thread()
      if sys.platform == "linux": assert threading.get_native_id() == os.getpid()
      import numpy
      import numpyfn as tf
      class Endless:
        def __repr__(self): return repr(self)
      def in_c(_): return sorted([1, 2], key=in_c)
      def swift(x): return tf.numpy_function(swift, [x], tf.float32)
      def ends(call):
        try: call()
        except Exception as error: assert "RecursionError" in repr(error), error
        else: assert False
      def check():
        ends(lambda: repr(Endless()))
        ends(lambda: in_c(0))
        ends(lambda: swift(tf.constant(1.0)))
        ends(lambda: traced(tf.constant(1.0)))
        print("refused")
      traced = tf.function(lambda x: traced(x))
      check()
      thread = threading.Thread(target=check)
      thread.start()
      thread.join()
      """, to: "p.py")
    let outcome = try await folder.shell("ulimit -s \(size) && numpyfn python p.py")
    #expect(outcome.status == 0 && outcome.error == "", "\(outcome)")
    #expect(outcome.output == "handled\nrefused\nrefused\n", "\(outcome)")
  }

  @Test(arguments: sizes)
  func `a function is called on the main thread`(size: String) async throws {
    let folder = try Folder()
    try folder.write(
      """
      import signal, threading
      def f(x):
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        return threading.current_thread() is threading.main_thread()
      def endless(x): return sorted([1, 2], key=endless)
      """, to: "my.py")
    let outcome = try await folder.shell(
      "ulimit -s \(size) && numpyfn call my:f 1.0 --tout bool && numpyfn doctor")
    #expect(outcome.status == 0 && outcome.output.hasPrefix("True\n"), "\(outcome)")
    #expect(outcome.output.hasSuffix("all fits.\n"), "\(outcome)")
    let endless = try await folder.shell(
      "ulimit -s \(size) && numpyfn call my:endless 1.0 --tout bool")
    #expect(endless.status == 1 && endless.error.contains("RecursionError"), "\(endless)")
  }
}
