using System.Globalization;
using Slipway.Steps.StepHost;
using Slipway.Workflow.DataSets;

namespace Slipway.Steps.Data;

/// <summary>
/// How the rows of one file are divided. Which part a row belongs to follows from the row itself (a hash of its group or
/// identifier, or its event time), so any row can be placed without looking at another.
/// </summary>
/// <param name="Strategy"><c>group</c>, <c>random</c> or <c>time</c>: what was decided, never <c>auto</c>.</param>
/// <param name="PartSql">An SQL expression over the data's columns: 0 train, 1 validation, 2 test.</param>
/// <param name="Why">The reason, for people.</param>
internal sealed record SplitPlan(string Strategy, string PartSql, string Why)
{
    /// <summary>The parts in the order of their numbers.</summary>
    public static readonly string[] Parts = ["train", "validation", "test"];

    private const int FirstRows = 100_000;

    /// <summary>Decides how a file is split.</summary>
    /// <param name="duck">The database.</param>
    /// <param name="file">The data.</param>
    /// <param name="specification">Says the strategy, the shares and the seed.</param>
    /// <param name="requested">The strategy from the command line; null or <c>specification</c>: the specification's.</param>
    public static SplitPlan Make(Duck duck, DataFile file, DataSetSpecification specification, string? requested)
    {
        var strategy = specification.Split.Strategy;
        if (requested is not (null or "specification") && !SplitStrategies.TryParse(requested, out strategy))
        {
            throw new StepFailedException($"--split must be specification, auto, random or time; it is '{requested}'.");
        }
        return strategy switch
        {
            SplitStrategy.Time => ByTime(duck, file, specification.Split),
            SplitStrategy.Random => Random(file, specification.Split, "A random split was asked for."),
            _ when file.Group is null => Random(file, specification.Split, "The data set has no group column."),
            _ when Repeats(duck, file) => new SplitPlan("group", HashSql(KnownGroup(file.Group, specification), specification.Split),
                $"Values of {specification.Group} repeat: all rows of one value stay on one side."),
            _ => Random(file, specification.Split, $"Values of {specification.Group} do not repeat."),
        };
    }

    /// <summary>The split of each row by itself.</summary>
    public static SplitPlan Random(DataFile file, SplitSettings split, string why) =>
        new("random", HashSql(file.Identifier, split), why);

    /// <summary>A split of each row by itself, to compare with; which rows go where may change with DuckDB's version.</summary>
    public static string ComparisonSql(DataFile file, SplitSettings split) =>
        PartOf($"hash({split.Seed}, {file.Identifier})", split, share => string.Create(CultureInfo.InvariantCulture, $"{Share(share)}::UBIGINT"));

    // A row without a group has no side to stay on, and DuckDB would give it no part.
    private static string KnownGroup(string group, DataSetSpecification specification) => $"coalesce({group}, error({Encoder.SqlText(
        $"'{specification.Group}' has no value in some row; every row needs it, as all rows of one value stay on one side of the split. The validate step names such rows.")}))";

    // MD5, as its values are the same in every version of DuckDB; what matters is that they are evenly spread. The upper half
    // of the number tells; md5_number_lower, which is that half, takes four times as long as the whole.
    private static string HashSql(string key, SplitSettings split) =>
        PartOf($"md5_number('{split.Seed}:' || {key})", split, share => string.Create(CultureInfo.InvariantCulture, $"{(UInt128)Share(share) << 64}::UHUGEINT"));

    // A sum, as DuckDB computes the same term twice in the branches of a CASE, and once here.
    private static string PartOf(string hash, SplitSettings split, Func<double, string> bound) =>
        $"(({hash} >= {bound(split.Train)})::UTINYINT + ({hash} >= {bound(split.Train + split.Validation)})::UTINYINT)";

    private static ulong Share(double share) => (ulong)(share * 18446744073709551615.0);

    // The first rows tell it for most data, and spare the others.
    private static bool Repeats(Duck duck, DataFile file) =>
        Repeats(duck, file.Group!, $"(SELECT {file.Group} FROM {file.Source} LIMIT {FirstRows})") || Repeats(duck, file.Group!, file.Source);

    private static bool Repeats(Duck duck, string group, string source) =>
        (bool)duck.Row($"SELECT count({group}) > count(DISTINCT {group}) AS repeats FROM {source}")["repeats"]!;

    private static SplitPlan ByTime(Duck duck, DataFile file, SplitSettings split)
    {
        var cuts = duck.Row(string.Create(CultureInfo.InvariantCulture, $"""
            SELECT quantile_disc(t, {split.Train}) AS first, quantile_disc(t, {Math.Min(1, split.Train + split.Validation)}) AS second, max(t) AS last
            FROM (SELECT {file.EventMicroseconds} AS t FROM {file.Source})
            """));
        if (cuts["last"] is null || Equals(cuts["first"], cuts["second"]) || Equals(cuts["second"], cuts["last"]))
        {
            throw new StepFailedException(
                "The rows can't be split by time: too many have the same event time. Name the column that holds the event time in the specification, or take --split auto.");
        }
        return new SplitPlan("time",
            $"(CASE WHEN {file.EventMicroseconds} <= {cuts["first"]} THEN 0 WHEN {file.EventMicroseconds} <= {cuts["second"]} THEN 1 ELSE 2 END)",
            "Oldest rows train, newest rows test.");
    }
}
