using System.Text;

namespace Slipway.Workflow.DataSets;

/// <summary>
/// Made-up data with the columns of the ad-click set and a signal that is known exactly, for demonstrations, tests and
/// benchmarks. The same rows and seed give the same bytes on every machine.
/// </summary>
/// <remarks>
/// A row's label is 1 with probability 1 / (1 + e^(-points/100)), where points is the sum of
/// <list type="bullet">
/// <item>30;</item>
/// <item>age: 60 - (age - 36)² / 5, rounded down (best at 36);</item>
/// <item>gender: Female 20, Male -20;</item>
/// <item>device_type: Desktop -80, Mobile 90;</item>
/// <item>ad_position: Bottom -100, Side -10, Top 110;</item>
/// <item>browsing_history: Education -130, Entertainment 50, News -80, Shopping 150, Social Media 20;</item>
/// <item>time_of_day: Morning -70, Evening 90, Night -20;</item>
/// <item>50 for Mobile in the Evening, and 50 for Shopping at the Top.</item>
/// </list>
/// What is missing, or not named here, adds 0, so the label depends on what the row shows and on nothing else: a model
/// can generalise to users whom it has not seen. The best AUC that any model can reach is <see cref="BestAuc"/>, 0.80.
/// Values are missing as often as in the public set (age 48 %, gender 47 %, browsing_history 48 %, others 20 %).
/// There are 2 users for 5 rows; a user's age and gender don't change, all else is drawn anew for each row, so exact
/// copies of a row are rare.
/// </remarks>
public static class SampleData
{
    private const int YoungestAge = 18, Ages = 47;

    private static readonly Column Age = new("age", 48,
        [.. Enumerable.Range(YoungestAge, Ages).Select(age => ($"{age}.0", 60 - ((age - 36) * (age - 36) / 5)))]);

    private static readonly Column Gender = new("gender", 47, [("Female", 20), ("Male", -20), ("Non-Binary", 0)]);

    private static readonly Column[] PerRow =
    [
        new("device_type", 20, [("Desktop", -80), ("Mobile", 90), ("Tablet", 0)]),
        new("ad_position", 20, [("Bottom", -100), ("Side", -10), ("Top", 110)]),
        new("browsing_history", 48,
            [("Education", -130), ("Entertainment", 50), ("News", -80), ("Shopping", 150), ("Social Media", 20)]),
        new("time_of_day", 20, [("Morning", -70), ("Afternoon", 0), ("Evening", 90), ("Night", -20)]),
    ];

    /// <summary>Writes a CSV with header, UTF-8 without a byte order mark, lines ended by LF.</summary>
    /// <param name="stream">Where to; stays open.</param>
    /// <param name="rows">The number of rows, at least 1.</param>
    /// <param name="seed">Chooses the rows.</param>
    public static void Write(Stream stream, long rows, long seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        using var writer = new StreamWriter(stream, new UTF8Encoding(false), 1 << 16, leaveOpen: true);
        writer.NewLine = "\n";
        writer.WriteLine("id,full_name,age,gender,device_type,ad_position,browsing_history,time_of_day,click");
        var random = new SplitMix64((ulong)seed);
        var users = Math.Max(1, rows * 2 / 5);
        Span<int> values = stackalloc int[6];
        for (var row = 0L; row < rows; row++)
        {
            var user = 1 + (long)(random.Next() % (ulong)users);
            Draw(ref random, new SplitMix64((ulong)seed ^ (0x5851F42D4C957F2DUL * (ulong)user)), values);
            var click = random.NextDouble() < Probability(values);
            WriteRow(writer, user, values, click);
        }
    }

    /// <summary>The AUC of the formula itself: no model of these columns can be better, on average.</summary>
    /// <remarks>Exact, by going through every row there can be.</remarks>
    public static double BestAuc()
    {
        // How likely each number of points is: the independent columns combine one by one.
        var cells = new Dictionary<(int Points, bool Mobile, bool Shopping, bool Top, bool Evening), double> { [default] = 1 };
        foreach (var column in (Column[])[Age, Gender, .. PerRow])
        {
            var next = new Dictionary<(int Points, bool Mobile, bool Shopping, bool Top, bool Evening), double>();
            foreach (var (cell, chance) in cells)
            {
                foreach (var (value, points, share) in column.Shares())
                {
                    var key = (cell.Points + points, cell.Mobile || value == "Mobile", cell.Shopping || value == "Shopping",
                        cell.Top || value == "Top", cell.Evening || value == "Evening");
                    next[key] = next.GetValueOrDefault(key) + (chance * share);
                }
            }
            cells = next;
        }
        return Auc(cells.Select(cell => (
            Total(cell.Key.Points, cell.Key.Mobile && cell.Key.Evening, cell.Key.Shopping && cell.Key.Top), cell.Value)));
    }

    private static double Auc(IEnumerable<(int Points, double Chance)> cells)
    {
        double positives = 0, negatives = 0, ordered = 0;
        foreach (var ties in cells.GroupBy(cell => cell.Points).OrderBy(ties => ties.Key))
        {
            var chance = ties.Sum(cell => cell.Chance);
            var (positive, negative) = (chance * Probability(ties.Key), chance * (1 - Probability(ties.Key)));
            ordered += positive * (negatives + (negative / 2));
            positives += positive;
            negatives += negative;
        }
        return ordered / (positives * negatives);
    }

    private static void Draw(ref SplitMix64 random, SplitMix64 ofUser, Span<int> values)
    {
        values[0] = Age.IsMissing(ref random) ? -1 : Age.Draw(ref ofUser);
        values[1] = Gender.IsMissing(ref random) ? -1 : Gender.Draw(ref ofUser, skip: values[0] < 0);
        for (var i = 0; i < PerRow.Length; i++)
        {
            values[i + 2] = PerRow[i].IsMissing(ref random) ? -1 : PerRow[i].Draw(ref random);
        }
    }

    private static double Probability(ReadOnlySpan<int> values)
    {
        var points = Age.Points(values[0]) + Gender.Points(values[1]);
        for (var i = 0; i < PerRow.Length; i++)
        {
            points += PerRow[i].Points(values[i + 2]);
        }
        const int Mobile = 1, Top = 2, Shopping = 3, Evening = 2;
        return Probability(Total(points, values[2] == Mobile && values[5] == Evening, values[4] == Shopping && values[3] == Top));
    }

    private static int Total(int points, bool mobileEvening, bool shoppingTop) =>
        30 + points + (mobileEvening ? 50 : 0) + (shoppingTop ? 50 : 0);

    private static double Probability(int points) => 1 / (1 + Math.Exp(-points / 100.0));

    private static void WriteRow(StreamWriter writer, long user, ReadOnlySpan<int> values, bool click)
    {
        writer.Write(user);
        writer.Write(",User");
        writer.Write(user);
        writer.Write(',');
        writer.Write(Age.Text(values[0]));
        writer.Write(',');
        writer.Write(Gender.Text(values[1]));
        for (var i = 0; i < PerRow.Length; i++)
        {
            writer.Write(',');
            writer.Write(PerRow[i].Text(values[i + 2]));
        }
        writer.Write(click ? ",1\n" : ",0\n");
    }

    /// <summary>A column: how often it is missing, in percent, and its equally likely values with their points.</summary>
    private sealed record Column(string Name, int MissingPercent, (string Text, int Points)[] Values)
    {
        public bool IsMissing(ref SplitMix64 random) => random.NextDouble() * 100 < MissingPercent;

        // A user's gender is the second draw from the user's own numbers, whether or not this row shows the age.
        public int Draw(ref SplitMix64 random, bool skip = false)
        {
            if (skip)
            {
                random.Next();
            }
            return (int)(random.Next() % (ulong)Values.Length);
        }

        public string Text(int value) => value < 0 ? "" : Values[value].Text;

        public int Points(int value) => value < 0 ? 0 : Values[value].Points;

        public IEnumerable<(string Text, int Points, double Share)> Shares() => Values
            .Select(value => (value.Text, value.Points, (100 - MissingPercent) / 100.0 / Values.Length))
            .Prepend(("", 0, MissingPercent / 100.0));
    }
}

/// <summary>
/// SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014): the same numbers on every
/// version of .NET, which System.Random does not promise.
/// </summary>
internal struct SplitMix64(ulong seed)
{
    private ulong _state = seed;

    /// <summary>The next 64 bits.</summary>
    public ulong Next()
    {
        var z = _state += 0x9E3779B97F4A7C15UL;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }

    /// <summary>The next number from 0 up to, not including, 1.</summary>
    public double NextDouble() => (Next() >> 11) * (1.0 / (1UL << 53));
}
