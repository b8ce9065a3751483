using Slipway.ModelServer.Models;
using Slipway.Steps.Evaluate;
using Slipway.Steps.Rows;
using Slipway.Tests.Steps.Train;

namespace Slipway.Tests.Steps.Evaluate;

public sealed class ProbeRowsTests
{
    [Fact]
    public async Task A_sample_of_rows_too_many_for_memory_is_whole_groups_and_that_of_rows_in_memory()
    {
        using var training = await TrainingRun.TrainedAsync(TrainingRun.Sample(2000));
        var files = new EncodedFiles([training.Run.Output("train"), training.Run.Output("test")], Model.Load(training.ModelFolder).Encoder.InputNames);
        var all = files.Read(withGroups: true);
        var groups = all.Groups.Distinct().Count();

        var sample = new ProbeRows(files, groups, most: 100).Sample(new Random(7));

        Assert.InRange(sample.Count, 100, 100 + all.Groups.CountBy(group => group).Max(group => group.Value));
        var drawn = sample.Groups.Distinct().ToList();
        Assert.Equal(Rows(all, all.Groups, drawn), Rows(sample, sample.Groups, drawn));
        // what is in memory is drawn by the same numbers
        var whole = new ProbeRows(files, groups, most: all.Count).Sample(new Random(7));
        Assert.Equal(all.Count, whole.Count);
        Assert.Equal(sample.Groups, whole.Groups.Take(sample.Count));
        Assert.Equal(sample.Inputs, whole.Inputs.Take(sample.Inputs.Length));
        Assert.Equal(sample.Labels, whole.Labels.Take(sample.Count));
    }

    private static List<string> Rows(EncodedRows rows, int[] groups, List<int> drawn) =>
        [.. Enumerable.Range(0, rows.Count).Where(row => drawn.Contains(groups[row]))
            .Select(row => $"{groups[row]} {string.Join(' ', rows.Inputs.AsSpan(row * rows.Width, rows.Width).ToArray())} {rows.Labels[row]}").Order(StringComparer.Ordinal)];
}
