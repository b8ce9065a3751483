using Slipway.Steps.StepHost;

namespace Slipway.Steps.Validate;

/// <summary>Finds the statistics that the data is compared with.</summary>
internal static class ChampionBaseline
{
    /// <summary>The input <c>baseline/statistics.json</c> where the job has one.</summary>
    /// <returns>The baseline and where it came from, both null where there is none; and why.</returns>
    /// <exception cref="StepFailedException">There is one and it can't be read.</exception>
    public static Task<(Baseline? Baseline, string? Source, string Words)> FindAsync(StepContext context, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var path = Path.Combine(context.Root, "processing", "input", "baseline", "statistics.json");
        return Task.FromResult<(Baseline?, string?, string)>(File.Exists(path)
            ? (Read(File.ReadAllText(path)), path, "")
            : (null, null, "There is no champion to compare with."));
    }

    private static Baseline Read(string json)
    {
        try
        {
            return Baseline.Read(json);
        }
        catch (InvalidDataException e)
        {
            throw new StepFailedException(e.Message, e);
        }
    }
}
