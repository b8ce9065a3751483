using System.Buffers;
using System.Buffers.Text;
using Slipway.ModelServer.Models;

namespace Slipway.ModelServer.Serving;

/// <summary>
/// Writes predictions: in CSV one probability a line, in JSON <c>{"predictions":[{"score":0.73,"predicted_label":1}]}</c>,
/// in JSON Lines one such object a line.
/// </summary>
internal static class Answer
{
    // A double takes at most 24 characters.
    private const int MaxRow = 96;

    /// <summary>Predicts each row and writes it.</summary>
    /// <returns>The bytes written.</returns>
    public static long Write(Model model, RequestRows rows, BodyForm form, IBufferWriter<byte> output)
    {
        var written = form == BodyForm.Json ? Text(output, "{\"predictions\":["u8) : 0L;
        for (var i = 0; i < rows.Count; i++)
        {
            var score = model.Forest.Predict(rows[i]);
            var span = output.GetSpan(MaxRow);
            var length = 0;
            if (form == BodyForm.Csv)
            {
                Utf8Formatter.TryFormat(score, span, out length);
            }
            else
            {
                length = Object(score, score >= model.Training.Cut, span);
            }
            // Every form has one character after a row: JSON's comma is its bracket after the last.
            span[length++] = form != BodyForm.Json ? (byte)'\n' : i + 1 < rows.Count ? (byte)',' : (byte)']';
            output.Advance(length);
            written += length;
        }
        return written + (form == BodyForm.Json ? Text(output, "}"u8) : 0);
    }

    private static int Object(double score, bool isPositive, Span<byte> span)
    {
        "{\"score\":"u8.CopyTo(span);
        var length = "{\"score\":"u8.Length;
        Utf8Formatter.TryFormat(score, span[length..], out var digits);
        length += digits;
        var label = isPositive ? ",\"predicted_label\":1}"u8 : ",\"predicted_label\":0}"u8;
        label.CopyTo(span[length..]);
        return length + label.Length;
    }

    private static long Text(IBufferWriter<byte> output, ReadOnlySpan<byte> text)
    {
        // Kestrel's writer gives nothing where no size is named before the answer has begun.
        text.CopyTo(output.GetSpan(text.Length));
        output.Advance(text.Length);
        return text.Length;
    }
}
