// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
]

let complex: Target.Dependency = .product(name: "ComplexModule", package: "swift-numerics")

let package = Package(
  name: "swift-numpy-function",
  platforms: [.macOS(.v15)],
  products: [
    .library(name: "NumPyFunctions", targets: ["NumPyFunctions"]),
    .library(name: "NumPyTesting", targets: ["NumPyTesting"]),
    // Comparing with recorded values, where there is no Python.
    .library(name: "NumPyTestingCore", targets: ["NumPyTestingCore"]),
    .executable(name: "numpyfn", targets: ["numpyfn"]),
    // For a test: loaded by a Python program.
    .library(name: "HostedLibrary", type: .dynamic, targets: ["HostedLibrary"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
    .package(url: "https://github.com/apple/swift-numerics", from: "1.0.0"),
    .package(url: "https://github.com/pointfreeco/xctest-dynamic-overlay", from: "1.13.0"),
  ],
  targets: [
    // MARK: - Public API

    .target(
      name: "TensorCore",
      dependencies: [
        "LibC", "MemoryPool", complex, .product(name: "RealModule", package: "swift-numerics"),
      ],
      swiftSettings: settings),
    .target(
      name: "GraphCore",
      dependencies: [
        "CoreTeam", "LibC", "TensorCore", "VectorMath", complex,
        .product(name: "RealModule", package: "swift-numerics"),
        .target(name: "OpenBLAS", condition: .when(platforms: [.linux])),
      ],
      exclude: [
        "ControlFlow", "Differentiation", "Graph", "Kernels", "Operations", "Optimizing",
        "Printing",
        "Profile", "Running", "Tracing",
      ].map { "\($0)/README.md" },
      // Accelerate calls the BLAS that Swift can see deprecated.
      swiftSettings: settings + [
        .treatWarning("DeprecatedDeclaration", as: .warning, .when(platforms: [.macOS]))
      ]),
    .target(
      name: "PythonBridge", dependencies: ["CPython", "LibC", "TensorCore", complex],
      exclude: ["Arrays", "Callbacks", "GIL", "Interpreter", "Objects", "PyTensor"].map {
        "\($0)/README.md"
      },
      swiftSettings: settings),
    .target(
      name: "NumPyFunctions",
      dependencies: ["GraphCore", "PythonBridge", "Registration", "TensorCore"],
      exclude: ["README.md"]
        + ["numpyfn.pyi", "_swift.pyi"].map { "PythonTensor/numpyfn/\($0)" },
      // The Python package that comes with the library; PythonFiles.swift lists its files.
      resources: [.embedInCode("PythonTensor/numpyfn")],
      swiftSettings: settings),
    .target(
      name: "NumPyTestingCore",
      dependencies: [
        "LibC", "TensorCore", complex,
        .product(name: "IssueReporting", package: "xctest-dynamic-overlay"),
        .product(name: "IssueReportingTestSupport", package: "xctest-dynamic-overlay"),
      ],
      swiftSettings: settings),
    .target(
      name: "NumPyTesting", dependencies: ["NumPyFunctions", "NumPyTestingCore"],
      swiftSettings: settings),
    .executableTarget(
      name: "numpyfn",
      dependencies: [
        "NumPyFunctions",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: settings),

    // MARK: - Python's C API

    .target(
      name: "CPython", dependencies: ["MemoryPool", "PythonLibrary"], path: "CPython",
      cSettings: [.enableWarning("all"), .enableWarning("extra"), .treatAllWarnings(as: .error)]),
    .systemLibrary(
      name: "PythonLibrary",
      pkgConfig: "python3-embed",
      providers: [.apt(["python3-dev", "python3-numpy"]), .brew(["python3", "numpy"])]),

    // MARK: - Memory of tensors and of NumPy's arrays

    .target(
      name: "MemoryPool", path: "MemoryPool",
      cSettings: [.enableWarning("all"), .enableWarning("extra"), .treatAllWarnings(as: .error)]),

    .target(name: "LibC", swiftSettings: settings),

    // MARK: - What runs when a program is loaded

    .target(
      name: "Registration", path: "Registration",
      cSettings: [.enableWarning("all"), .enableWarning("extra"), .treatAllWarnings(as: .error)]),

    // MARK: - Threads of loops

    .target(
      name: "CoreTeam", path: "CoreTeam",
      cSettings: [.enableWarning("all"), .enableWarning("extra"), .treatAllWarnings(as: .error)]),

    // MARK: - Matrix products; on a Mac, Accelerate has them

    .target(
      name: "OpenBLAS", path: "OpenBLAS",
      cSettings: [.enableWarning("all"), .enableWarning("extra"), .treatAllWarnings(as: .error)]),

    // MARK: - Vector instructions

    .target(
      name: "VectorMath", dependencies: ["SLEEF"], path: "VectorMath",
      cSettings: [.enableWarning("all"), .enableWarning("extra"), .treatAllWarnings(as: .error)]),
    .systemLibrary(
      name: "SLEEF", pkgConfig: "sleef", providers: [.apt(["libsleef-dev"]), .brew(["sleef"])]),

    // MARK: - Tests

    .testTarget(
      name: "TensorCoreTests", dependencies: ["TensorCore", complex], swiftSettings: settings),
    .testTarget(
      name: "GraphCoreTests",
      dependencies: ["GraphCore", "NumPyFunctions", "TensorCore", "VectorMath", complex],
      swiftSettings: settings),
    .testTarget(
      name: "PythonBridgeTests", dependencies: ["PythonBridge", "TensorCore", complex],
      swiftSettings: settings),
    .testTarget(
      name: "NumPyFunctionsTests",
      dependencies: ["AllocationFailures", "HostedLibrary", "NumPyFunctions", complex],
      exclude: ["Fixtures"], swiftSettings: settings),
    .testTarget(name: "numpyfnTests", dependencies: ["numpyfn"], swiftSettings: settings),
    .testTarget(
      name: "NumPyTestingTests",
      dependencies: ["NumPyFunctions", "NumPyTesting", "NumPyTestingCore", complex],
      exclude: ["References"], swiftSettings: settings),
    .target(
      name: "HostedLibrary", dependencies: ["NumPyFunctions"], path: "Tests/HostedLibrary",
      swiftSettings: settings),
    // What happens where an allocation fails: run by a test, in processes of its own.
    .executableTarget(
      name: "AllocationFailures", dependencies: ["FailingAllocator", "NumPyFunctions"],
      path: "Tests/AllocationFailures", swiftSettings: settings),
    // Many threads for many minutes: scripts/soak.
    .executableTarget(
      name: "Soak", dependencies: ["NumPyFunctions"], path: "Tests/Soak", swiftSettings: settings),
    .target(
      name: "FailingAllocator", path: "Tests/FailingAllocator",
      cSettings: [.enableWarning("all"), .enableWarning("extra"), .treatAllWarnings(as: .error)]),
  ],
  swiftLanguageModes: [.v6],
  cLanguageStandard: .c17
)
