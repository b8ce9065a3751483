using Slipway.Steps.Rows;

namespace Slipway.Steps.Evaluate;

/// <summary>
/// All rows of a data set for <see cref="LeakageProbe"/>, which trains on a sample of them: of each row its group is held
/// in memory, and all else only where the rows are no more than one sample.
/// </summary>
internal sealed class ProbeRows
{
    private readonly EncodedFiles _files;
    private readonly EncodedRows? _all;
    private readonly int[] _groups;

    /// <summary>Reads the groups of all rows.</summary>
    /// <param name="files">The rows.</param>
    /// <param name="distinct">How many groups they have.</param>
    /// <param name="most">The rows of a sample; one that ends inside a group takes it whole.</param>
    public ProbeRows(EncodedFiles files, long distinct, int most)
    {
        (_files, Most) = (files, most);
        _all = files.Count() <= most ? files.Read(withGroups: true) : null;
        _groups = _all?.Groups ?? files.Groups((int)distinct);
    }

    /// <summary>How many rows there are.</summary>
    public int Count => _groups.Length;

    private int Most { get; }

    /// <summary>
    /// Draws whole groups, in random order, until there are enough rows: single rows would lose the repetition that is
    /// looked for. A row without a group is one by itself.
    /// </summary>
    /// <returns>The rows group by group; a row's group is that of the row before it, or a greater number.</returns>
    public EncodedRows Sample(Random shuffle)
    {
        var units = Units(out var count);
        var sizes = new int[count];
        foreach (var unit in units)
        {
            sizes[unit]++;
        }
        var drawn = Enumerable.Range(0, count).ToArray();
        shuffle.Shuffle(drawn);
        // Where the rows of each drawn group begin in the sample; the others have no place there.
        var next = new int[count];
        Array.Fill(next, -1);
        var rows = 0;
        for (var i = 0; i < count && rows < Most; i++)
        {
            next[drawn[i]] = rows;
            rows += sizes[drawn[i]];
        }
        var places = new int[units.Length];
        var groups = new int[rows];
        for (var row = 0; row < places.Length; row++)
        {
            places[row] = next[units[row]] < 0 ? -1 : next[units[row]]++;
            if (places[row] >= 0)
            {
                groups[places[row]] = units[row];
            }
        }
        return (_all is null ? _files.Pick(places, rows) : Place(_all, places)) with { Groups = groups };
    }

    // Groups, and rows that are one by themselves, in the order in which they first come.
    private int[] Units(out int count)
    {
        var numbers = new int[_groups.Length];
        Array.Fill(numbers, -1);
        var units = new int[_groups.Length];
        count = 0;
        for (var row = 0; row < units.Length; row++)
        {
            if (_groups[row] < 0)
            {
                units[row] = count++;
            }
            else
            {
                ref var number = ref numbers[_groups[row]];
                number = number < 0 ? count++ : number;
                units[row] = number;
            }
        }
        return units;
    }

    private static EncodedRows Place(EncodedRows all, int[] places)
    {
        var order = new int[places.Length];
        for (var row = 0; row < places.Length; row++)
        {
            order[places[row]] = row;
        }
        return all.Take(order);
    }
}
