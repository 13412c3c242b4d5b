/// Where an expectation is written: the line that a failure is shown at.
package struct CallSite: Sendable {
  /// The file as `Module/File.swift`.
  package let fileID: StaticString
  /// The file with its folder on the machine that compiled it.
  package let filePath: StaticString
  /// The line, counted from 1.
  package let line: UInt
  /// The column, counted from 1.
  package let column: UInt

  /// The place with this file, line and column.
  package init(_ fileID: StaticString, _ filePath: StaticString, _ line: UInt, _ column: UInt) {
    self.fileID = fileID
    self.filePath = filePath
    self.line = line
    self.column = column
  }
}
