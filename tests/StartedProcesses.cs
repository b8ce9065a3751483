using System.Runtime.CompilerServices;

namespace Slipway.Tests;

/// <summary>What every process that a test starts inherits.</summary>
internal static class StartedProcesses
{
    /// <summary>.NET makes pipes and a socket for debuggers in the temporary folder, and where a process is killed, as tests do, they stay there.</summary>
    [ModuleInitializer]
    internal static void LeaveNothingBehind() => Environment.SetEnvironmentVariable("DOTNET_EnableDiagnostics", "0");
}
