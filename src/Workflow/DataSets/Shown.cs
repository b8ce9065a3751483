using System.Text;

namespace Slipway.Workflow.DataSets;

/// <summary>Texts from data as messages show them.</summary>
internal static class Shown
{
    private const int Longest = 80;

    /// <summary>A text in at most 80 characters, with control characters as <c>\u000a</c>: a message is one line, whatever the data.</summary>
    public static string Text(string text)
    {
        // A field may hold megabytes; a message may not.
        var head = text.Length <= Longest ? text : string.Concat(text.AsSpan(0, Longest - 3), "...");
        if (!head.Any(char.IsControl))
        {
            return head;
        }
        var shown = new StringBuilder();
        foreach (var character in head)
        {
            _ = char.IsControl(character) ? shown.Append($"\\u{(int)character:x4}") : shown.Append(character);
        }
        return shown.ToString();
    }
}
