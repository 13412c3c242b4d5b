internal import ComplexModule

/// The floating-point elements of one array as words of one width, as NumPy's `FloatingFormat`
/// makes them: all positional, or all scientific.
///
/// The options are NumPy's defaults: `precision=8`, `floatmode='maxprec'`, `suppress=False`.
/// See <https://numpy.org/doc/stable/reference/generated/numpy.set_printoptions.html>.
struct FloatFormatter<Value: BinaryFloatingPoint & LosslessStringConvertible> {
  /// The most digits that are shown after the point.
  private static var precision: Int { 8 }

  /// Whether a number that is not negative has a sign too.
  private let showsPlus: Bool

  /// Whether the numbers have exponents: one form for all of them.
  private let isScientific: Bool

  /// The number of columns left of the point.
  private var leftWidth = 0

  /// The number of columns right of the point.
  private var rightWidth = 0

  /// The number of digits after the point of a scientific number.
  private var fractionCount = 0

  /// The number of digits that an exponent has.
  private var exponentWidth = 0

  private init(_ values: [Value], showsPlus: Bool) {
    self.showsPlus = showsPlus
    let finite = values.filter(\.isFinite)
    let magnitudes = finite.map(\.magnitude).filter { $0 != 0 }
    isScientific =
      if let largest = magnitudes.max(), let smallest = magnitudes.min() {
        // Compared in the elements' own precision: 0.0001 as float32 is not below 0.0001.
        largest >= Value(Self.positionalLimit(atMost: 1e8)) || smallest < Value(0.0001)
          || largest / smallest > 1000
      } else {
        false
      }
    for value in finite {
      let (whole, fraction, exponent) = parts(of: digits(of: value), sign: value.sign)
      leftWidth = max(leftWidth, whole.utf8.count)
      fractionCount = max(fractionCount, fraction.utf8.count)
      exponentWidth = max(exponentWidth, exponent.utf8.count - 2)
    }
    rightWidth = fractionCount + (isScientific ? exponentWidth + 2 : 0)
    if finite.count < values.count {
      let sign = showsPlus || values.contains(-.infinity) ? 1 : 0
      leftWidth = max(leftWidth, "inf".utf8.count + sign - rightWidth - 1)
    }
  }

  /// The magnitude from which numbers of this type are printed in scientific notation.
  ///
  /// NumPy 2.3 and later print no more integer digits than the type can represent exactly; before,
  /// the limit was `general` for all types. See
  /// <https://numpy.org/doc/stable/release/2.3.0-notes.html>.
  private static func positionalLimit(atMost general: Double) -> Double {
    switch Value.significandBitCount {
    case 10: 1e3
    case 23: 1e6
    default: general
    }
  }

  private func word(_ value: Value) -> String {
    guard value.isFinite else {
      let name = value.isNaN ? "nan" : "inf"
      let sign = !value.isNaN && value < 0 ? "-" : showsPlus ? "+" : ""
      return (sign + name).padded(to: leftWidth + 1 + rightWidth)
    }
    var digits = digits(of: value)
    if isScientific && digits.count <= fractionCount {
      // All numbers get as many digits as the longest one, and the digits are exact.
      digits = DecimalDigits(exact: value).rounded(to: fractionCount + 1)
    }
    let (whole, fraction, exponent) = parts(of: digits, sign: value.sign)
    let padding = String(
      repeating: isScientific ? "0" : " ", count: fractionCount - fraction.utf8.count)
    return whole.padded(to: leftWidth) + "." + fraction + padding + exponent
  }

  /// The shortest digits that identify the number, rounded to ``precision``.
  private func digits(of value: Value) -> DecimalDigits {
    let shortest = DecimalDigits(shortest: value)
    let count = Self.precision + (isScientific ? 1 : shortest.point)
    // The exact value is rounded: rounding the shortest digits would round twice.
    return shortest.count > count
      ? DecimalDigits(exact: value).rounded(to: count) : shortest
  }

  /// Sign and whole digits, the digits after the point, and the exponent if there is one.
  private func parts(
    of digits: DecimalDigits, sign: FloatingPointSign
  ) -> (whole: String, fraction: String, exponent: String) {
    (
      (sign == .minus ? "-" : showsPlus ? "+" : "") + digits.whole(inScientific: isScientific),
      digits.fraction(inScientific: isScientific),
      isScientific ? digits.exponent(width: max(exponentWidth, 2)) : ""
    )
  }
}

extension FloatFormatter {
  /// The words of an array of real numbers.
  static func words(_ values: [Value], showsPlus: Bool = false) -> [String] {
    let formatter = FloatFormatter(values, showsPlus: showsPlus)
    return values.map { formatter.word($0) }
  }

  /// The words of an array of complex numbers: the `j` stands before the padding.
  static func words(_ values: [Complex<Value>]) -> [String] where Value: ComplexPart {
    let real = words(values.map(\.rawStorage.x))
    let imaginary = words(values.map(\.rawStorage.y), showsPlus: true)
    return zip(real, imaginary).map { real, imaginary in
      let digits = imaginary.trimmed
      return real + digits + "j" + imaginary.dropFirst(digits.count)
    }
  }

  /// A real number on its own, as NumPy prints a scalar: `1.0`, with all digits it needs.
  ///
  /// See <https://numpy.org/doc/stable/reference/arrays.scalars.html>.
  static func scalarText(_ value: Value) -> String {
    let text = shortestText(value)
    return value.isFinite && !text.contains(where: { $0 == "." || $0 == "e" }) ? text + ".0" : text
  }

  /// A complex number on its own: `(1+2j)`, and `2j` where the real part is 0.
  static func scalarText(_ real: Value, _ imaginary: Value) -> String {
    let text = shortestText(imaginary) + "j"
    if real == 0 && real.sign == .plus { return text }
    return "(" + shortestText(real) + (text.hasPrefix("-") ? "" : "+") + text + ")"
  }

  /// A number with six significant digits at most, as C's `%g` and so ml_dtypes' bfloat16 prints it.
  static func generalText(_ value: Value) -> String {
    guard value.isFinite else { return value.isNaN ? "nan" : value < 0 ? "-inf" : "inf" }
    let digits = DecimalDigits(exact: value).rounded(to: 6)
    let isScientific = value != 0 && !(-4..<6).contains(digits.point - 1)
    return digits.text(value.sign, inScientific: isScientific)
  }

  private static func shortestText(_ value: Value) -> String {
    guard value.isFinite else { return value.isNaN ? "nan" : value < 0 ? "-inf" : "inf" }
    let magnitude = Double(value.magnitude)
    let isPositional = (1e-4..<positionalLimit(atMost: 1e16)).contains(magnitude)
    let isScientific = !isPositional && magnitude != 0
    return DecimalDigits(shortest: value).text(value.sign, inScientific: isScientific)
  }
}

/// The decimal digits of a number's magnitude: 0.d₁d₂d₃… × 10^`point`.
private struct DecimalDigits {
  /// The digits, without leading and trailing zeros; empty for 0.
  let digits: [UInt8]

  /// How many digits stand before the decimal point; not positive for numbers below 0.1.
  let point: Int

  /// The number of digits.
  var count: Int { digits.count }

  /// These digits, without the zeros at either end.
  private init(_ digits: some Sequence<UInt8>, point: Int) {
    let all = Array(digits)
    let start = all.firstIndex { $0 != 0 } ?? all.count
    self.digits = Array(all[start..<(all.lastIndex { $0 != 0 } ?? start - 1) + 1])
    self.point = start == all.count ? 1 : point - start
  }

  /// The fewest digits that, read as the type of `value`, are `value`.
  init<Value: BinaryFloatingPoint & LosslessStringConvertible>(shortest value: Value) {
    // Swift prints these digits: 12.5, 1e-05, 1.5e+16.
    let parts = value.magnitude.description.split(separator: "e")
    let mantissa = parts[0].utf8.split(separator: UInt8(ascii: "."))
    let exponent = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
    self.init(
      mantissa.joined().map { $0 - UInt8(ascii: "0") }, point: mantissa[0].count + exponent)
    // For a whole Float16, Swift prints more digits: 4112, although 4110 is the same Float16.
    guard Value.significandBitCount == 10 else { return }
    let exact = DecimalDigits(exact: value)
    for count in 1..<max(self.count, 1) {
      let fewer = exact.rounded(to: count)
      if Value(fewer.whole(inScientific: false) + "." + fewer.fraction(inScientific: false))
        == value.magnitude
      {
        self = fewer
        return
      }
    }
  }

  /// All digits of the exact value: 55 for 0.1, at most 767.
  init(exact value: some BinaryFloatingPoint) {
    let value = Double(value.magnitude)
    guard value != 0 else {
      self.init([], point: 1)
      return
    }
    // significand × 2^exponent, which is significand × 5^-exponent ÷ 10^-exponent.
    var significand = UInt64(value.significand * 0x1p52)
    let zeros = significand.trailingZeroBitCount
    significand >>= zeros
    let exponent = Int(value.exponent) - 52 + zeros
    let digits = DecimalDigits.product(significand, exponent < 0 ? 5 : 2, times: abs(exponent))
    self.init(digits, point: digits.count + min(exponent, 0))
  }

  /// The number rounded to `count` digits at most; a number half-way goes to the even digit.
  func rounded(to count: Int) -> DecimalDigits {
    guard count < self.count else { return self }
    var kept = digits[..<count]
    let rest = digits[count...]
    let isAboveHalf = rest[count] > 5 || (rest[count] == 5 && rest.count > 1)
    let isHalf = rest[count] == 5 && rest.count == 1
    guard isAboveHalf || (isHalf && kept.last.map { !$0.isMultiple(of: 2) } ?? false) else {
      return DecimalDigits(kept, point: point)
    }
    while kept.last == 9 { kept.removeLast() }
    guard let last = kept.popLast() else { return DecimalDigits([1], point: point + 1) }
    return DecimalDigits(kept + [last + 1], point: point)
  }

  /// The whole number, without a point if no digits follow it.
  func text(_ sign: FloatingPointSign, inScientific isScientific: Bool) -> String {
    let fraction = fraction(inScientific: isScientific)
    return (sign == .minus ? "-" : "") + whole(inScientific: isScientific)
      + (fraction.isEmpty ? "" : "." + fraction) + (isScientific ? exponent(width: 2) : "")
  }

  /// The digits before the point: all of them, or the first one.
  func whole(inScientific isScientific: Bool) -> String {
    let count = isScientific ? 1 : point
    let text = DecimalDigits.text(digits.prefix(max(count, 0)))
    return count <= 0 ? "0" : text + String(repeating: "0", count: count - text.utf8.count)
  }

  /// The digits after the point.
  func fraction(inScientific isScientific: Bool) -> String {
    let count = isScientific ? 1 : point
    return String(repeating: "0", count: max(-count, 0))
      + DecimalDigits.text(digits.dropFirst(max(count, 0)))
  }

  /// The power of ten of the first digit: `e-05`.
  func exponent(width: Int) -> String {
    let exponent = point - 1
    let digits = "\(abs(exponent))"
    let zeros = String(repeating: "0", count: max(width - digits.utf8.count, 0))
    return (exponent < 0 ? "e-" : "e+") + zeros + digits
  }

  private static func text(_ digits: ArraySlice<UInt8>) -> String {
    String(decoding: digits.map { $0 + UInt8(ascii: "0") }, as: UTF8.self)
  }

  /// The digits of `number` × `factor`^`count`; the factor is 2 or 5.
  private static func product(_ number: UInt64, _ factor: UInt64, times count: Int) -> [UInt8] {
    // Nine digits a limb, the lowest first. Thirteen factors go in one pass: 5¹³ times a limb fits
    // 64 bits with room for the carry.
    let base: UInt64 = 1_000_000_000
    var limbs = [number % base, number / base % base, number / base / base]
    for start in stride(from: 0, to: count, by: 13) {
      let power = (start..<min(start + 13, count)).reduce(1) { product, _ in product * factor }
      var carry: UInt64 = 0
      for index in limbs.indices {
        carry += limbs[index] * power
        limbs[index] = carry % base
        carry /= base
      }
      if carry > 0 { limbs += [carry % base, carry / base] }
    }
    let text = limbs.reversed().map { String($0 + base).dropFirst() }.joined()
    return text.utf8.map { $0 - UInt8(ascii: "0") }
  }
}
