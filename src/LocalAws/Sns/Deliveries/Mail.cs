using System.Globalization;
using System.Text;

namespace Slipway.LocalAws.Sns.Deliveries;

/// <summary>A mail of text as a file of RFC 5322, with MIME (RFC 2045, 2047).</summary>
/// <param name="From">The sender's name.</param>
/// <param name="FromAddress">The sender's address.</param>
/// <param name="To">The address that it goes to.</param>
/// <param name="Subject">What it is about.</param>
/// <param name="Date">When it was sent.</param>
/// <param name="MessageId">Its unique id, without angle brackets.</param>
/// <param name="Text">Its text; lines end as they like.</param>
internal sealed record Mail(string From, string FromAddress, string To, string Subject, DateTimeOffset Date, string MessageId, string Text)
{
    private const string NewLine = "\r\n";
    private const int LongestLine = 76;
    private const int BytesInWord = 42; // 56 characters of base64, and the frame of an encoded word around them

    /// <summary>The file's bytes.</summary>
    public byte[] ToBytes() => Encoding.ASCII.GetBytes(string.Join(NewLine,
    [
        $"From: {Phrase(From)} <{FromAddress}>",
        $"To: {To}",
        $"Subject: {Word(Subject)}",
        $"Date: {Date.ToString("ddd, dd MMM yyyy HH:mm:ss zzz", CultureInfo.InvariantCulture).Remove(29, 1)}",
        $"Message-ID: <{MessageId}>",
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: quoted-printable",
        "",
        QuotedPrintable(Text),
    ]));

    private static string Phrase(string text) => text.All(c => char.IsAsciiLetterOrDigit(c) || c is ' ' or '-' or '_')
        ? text : text.All(c => c is >= ' ' and <= '~') ? $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"" : Word(text);

    /// <summary>A header's text: as it is, or as encoded words, each on a line of its own.</summary>
    private static string Word(string text)
    {
        if (text.All(c => c is >= ' ' and <= '~') && !text.Contains("=?", StringComparison.Ordinal))
        {
            return text;
        }

        var words = new List<string>();
        var part = new List<byte>();
        foreach (var character in text.EnumerateRunes())
        {
            var bytes = new byte[character.Utf8SequenceLength];
            character.EncodeToUtf8(bytes);
            if (part.Count + bytes.Length > BytesInWord)
            {
                End();
            }

            part.AddRange(bytes);
        }

        End();
        return string.Join(NewLine + " ", words);

        void End()
        {
            words.Add($"=?utf-8?B?{Convert.ToBase64String([.. part])}?=");
            part.Clear();
        }
    }

    /// <summary>RFC 2045, section 6.7.</summary>
    private static string QuotedPrintable(string text)
    {
        var encoded = new StringBuilder();
        foreach (var line in text.ReplaceLineEndings("\n").Split('\n'))
        {
            var length = 0;
            var bytes = Encoding.UTF8.GetBytes(line);
            for (var i = 0; i < bytes.Length; i++)
            {
                var isBlank = bytes[i] is (byte)' ' or (byte)'\t';
                var isPlain = bytes[i] is >= (byte)'!' and <= (byte)'~' and not (byte)'=' || (isBlank && i < bytes.Length - 1);
                var piece = isPlain ? ((char)bytes[i]).ToString() : $"={bytes[i]:X2}";
                // a soft break needs a place itself
                if (length + piece.Length > LongestLine - 1)
                {
                    encoded.Append('=').Append(NewLine);
                    length = 0;
                }

                encoded.Append(piece);
                length += piece.Length;
            }

            encoded.Append(NewLine);
        }

        return encoded.ToString();
    }
}
