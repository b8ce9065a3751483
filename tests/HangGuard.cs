using System.Collections.Concurrent;
using System.Reflection;
using Slipway.Tests;
using Xunit.v3;

[assembly: HangGuard]

namespace Slipway.Tests;

/// <summary>
/// Keeps a test that hangs from holding the whole run: after <see cref="TestLimit"/> the test is cancelled by its own
/// token and fails by name; where it does not listen, or the whole run takes longer than <see cref="RunLimit"/>, the run
/// is ended with the names of what ran.
/// </summary>
[AttributeUsage(AttributeTargets.Assembly)]
public sealed class HangGuardAttribute : BeforeAfterTestAttribute
{
    /// <summary>What one test may take; the longest takes one or two minutes on two cores.</summary>
    private static readonly TimeSpan TestLimit = TimeSpan.FromMinutes(12);

    /// <summary>What a cancelled test has to end in.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(1);

    /// <summary>What all tests may take.</summary>
    private static readonly TimeSpan RunLimit = TimeSpan.FromMinutes(27);

    private static readonly ConcurrentDictionary<string, Running> Tests = new();
    private static readonly long Began = TimeProvider.System.GetTimestamp();
    private static readonly ITimer Timer = TimeProvider.System.CreateTimer(_ => Look(), null, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(5));

    /// <inheritdoc/>
    public override void Before(MethodInfo methodUnderTest, IXunitTest test)
    {
        GC.KeepAlive(Timer);
        Tests[test.UniqueID] = new(test.TestDisplayName, TestContext.Current, TimeProvider.System.GetTimestamp());
    }

    /// <inheritdoc/>
    public override void After(MethodInfo methodUnderTest, IXunitTest test) => Tests.TryRemove(test.UniqueID, out _);

    private static void Look()
    {
        foreach (var test in Tests.Values.Where(t => t.Elapsed > TestLimit))
        {
            test.Context.CancelCurrentTest();
        }

        if (TimeProvider.System.GetElapsedTime(Began) > RunLimit)
        {
            End($"the tests did not end in {RunLimit.TotalMinutes:0} minutes");
        }
        else if (Tests.Values.FirstOrDefault(t => t.Elapsed > TestLimit + Grace) is { } hung)
        {
            End($"{hung.Name} hangs, and does not heed its cancellation");
        }
    }

    private static void End(string reason)
    {
        Console.Error.WriteLine($"{reason}; running: {(Tests.IsEmpty ? "no test, so a fixture hangs" : string.Join(", ", Tests.Values.Select(t => $"{t.Name} ({t.Elapsed.TotalSeconds:0} s)")))}");
        // a run that hangs may hang in its exit handlers too
        Environment.FailFast(reason);
    }

    private sealed record Running(string Name, ITestContext Context, long Started)
    {
        public TimeSpan Elapsed => TimeProvider.System.GetElapsedTime(Started);
    }
}
