using System.Runtime.InteropServices;

namespace Slipway.Steps.LightGbm;

/// <summary>How the threads of LightGBM's native library wait for each other.</summary>
internal static partial class WaitPolicy
{
    /// <summary>
    /// Lets them sleep, unless the environment says otherwise. By default GNU OpenMP's threads spin: where another
    /// process wants the processor too, the one that the others wait for does not run, and a training takes several
    /// times as long. It reads these variables once, when it is loaded:
    /// https://gcc.gnu.org/onlinedocs/libgomp/OMP_005fWAIT_005fPOLICY.html
    /// </summary>
    public static void Sleep()
    {
        if (OperatingSystem.IsLinux() && Environment.GetEnvironmentVariable("OMP_WAIT_POLICY") is null && Environment.GetEnvironmentVariable("GOMP_SPINCOUNT") is null)
        {
            // .NET's own SetEnvironmentVariable does not reach native code
            _ = setenv("OMP_WAIT_POLICY", "passive", 0);
        }
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int setenv(string name, string value, int overwrite);
}
