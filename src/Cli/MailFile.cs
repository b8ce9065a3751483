using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Slipway.Cli;

/// <summary>A mail of text, read from a file of RFC 5322 with encoded words (RFC 2047) and quoted-printable text (RFC 2045).</summary>
/// <param name="Number">Its number in the inbox, from 1.</param>
/// <param name="File">Its file.</param>
/// <param name="From">Who sent it.</param>
/// <param name="To">Who gets it.</param>
/// <param name="Date">When it was sent, as the mail has it.</param>
/// <param name="Subject">What it is about.</param>
/// <param name="Text">Its text.</param>
internal sealed partial record MailFile(int Number, string File, string From, string To, string Date, string Subject, string Text)
{
    /// <summary>The files of mail in the order in which it came: their names start with the time.</summary>
    public static IReadOnlyList<string> FilesOf(string inbox) => Directory.Exists(inbox) ? [.. Directory.GetFiles(inbox, "*.eml").Order(StringComparer.Ordinal)] : [];

    /// <summary>Reads a mail.</summary>
    public static MailFile Read(string file, int number)
    {
        var parts = System.IO.File.ReadAllText(file).ReplaceLineEndings("\n").Split("\n\n", 2);
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var line in Fold().Replace(parts[0], " ").Split('\n').Select(l => l.Split(':', 2)).Where(l => l.Length == 2))
        {
            headers[line[0]] = Words(line[1].Trim());
        }

        var text = parts.Length > 1 ? parts[1] : "";
        var isQuoted = Header("Content-Transfer-Encoding").Equals("quoted-printable", StringComparison.OrdinalIgnoreCase);
        return new(number, file, Header("From"), Header("To"), Header("Date"), Header("Subject"), (isQuoted ? Unquote(text) : text).TrimEnd());

        string Header(string name) => headers.GetValueOrDefault(name, "");
    }

    private static string Words(string header) => EncodedWord().Replace(BetweenWords().Replace(header, "?="), word => Encoding.UTF8.GetString(Convert.FromBase64String(word.Groups["coded"].Value)));

    private static string Unquote(string text)
    {
        using var bytes = new MemoryStream();
        var plain = text.Replace("=\n", "", StringComparison.Ordinal);
        for (var i = 0; i < plain.Length; i++)
        {
            if (plain[i] == '=' && i + 2 < plain.Length && byte.TryParse(plain.AsSpan(i + 1, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var coded))
            {
                bytes.WriteByte(coded);
                i += 2;
            }
            else
            {
                bytes.Write(Encoding.UTF8.GetBytes(plain, i, 1));
            }
        }

        return Encoding.UTF8.GetString(bytes.ToArray());
    }

    [GeneratedRegex(@"\n[ \t]+")]
    private static partial Regex Fold();

    [GeneratedRegex(@"\?=\s+(?==\?)")]
    private static partial Regex BetweenWords();

    [GeneratedRegex(@"=\?utf-8\?B\?(?<coded>[A-Za-z0-9+/=]*)\?=", RegexOptions.IgnoreCase)]
    private static partial Regex EncodedWord();
}
