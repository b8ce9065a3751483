using System.Security.Cryptography;

namespace Slipway.Tests.Fuzzing;

/// <summary>A reader of what others send.</summary>
/// <param name="Name">Its name, which is that of its folder in Found.</param>
/// <param name="Seeds">Inputs that it reads without a fault, or with one that is worth being near.</param>
/// <param name="Words">Pieces that its language has.</param>
/// <param name="Read">Reads an input. It throws where the reader fails in a way that it does not document.</param>
/// <param name="Cost">How many times the work of a plain reader one input is.</param>
public sealed record FuzzTarget(string Name, IReadOnlyList<byte[]> Seeds, IReadOnlyList<string> Words, Action<byte[]> Read, int Cost = 1)
{
    /// <summary>Reads an input; one that is not read as it should be is kept in a file.</summary>
    public void Try(byte[] input)
    {
        var reading = Task.Factory.StartNew(() => Measure(input), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        if (!reading.Wait(Patience.Limit))
        {
            Assert.Fail($"{Name}: reading {Keep(input)} did not end in {Patience.Limit.TotalSeconds} s");
        }

        if (reading.Result is { } fault)
        {
            Assert.Fail($"{Name}: {Keep(input)}: {fault}");
        }
    }

    private string? Measure(byte[] input)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            Read(input);
        }
        catch (Exception e)
        {
            return e.ToString();
        }

        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        var most = (64L << 20) + (4096L * input.Length);
        return allocated > most ? $"{allocated:N0} bytes of memory for {input.Length:N0} bytes of input" : null;
    }

    private string Keep(byte[] input)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Repository.Root, "artifacts", "fuzz", Name)).FullName;
        var path = Path.Combine(folder, Convert.ToHexStringLower(SHA256.HashData(input))[..12]);
        File.WriteAllBytes(path, input);
        return path;
    }
}
