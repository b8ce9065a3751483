using System.Runtime.InteropServices;

namespace Slipway.Steps.LightGbm;

/// <summary>How the threads of LightGBM's native library wait for each other.</summary>
internal static partial class WaitPolicy
{
    // About a tenth of a millisecond: longer than the threads of one training wait for each other on a machine of their own.
    private const string Spins = "2000";

    /// <summary>
    /// Lets them spin for a moment and then sleep, unless the environment says otherwise. By default GNU OpenMP's threads
    /// spin 150 times as long: where another process wants the processor too, the one that the others wait for does not
    /// run, and a training takes several times as long. Where they sleep at once, waking them takes a fifth of the
    /// training. It reads these variables once, when it is loaded:
    /// https://gcc.gnu.org/onlinedocs/libgomp/GOMP_005fSPINCOUNT.html
    /// </summary>
    public static void SpinBriefly()
    {
        if (OperatingSystem.IsLinux() && Environment.GetEnvironmentVariable("OMP_WAIT_POLICY") is null && Environment.GetEnvironmentVariable("GOMP_SPINCOUNT") is null)
        {
            // .NET's own SetEnvironmentVariable does not reach native code
            _ = setenv("GOMP_SPINCOUNT", Spins, 0);
        }
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int setenv(string name, string value, int overwrite);
}
