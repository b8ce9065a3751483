using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Slipway.Workflow.DataSets;

namespace Slipway.Workflow.Ingest;

/// <summary>
/// The SHA-256 of the rows read so far, in their canonical form, with the names of the columns. It does not depend on
/// how the CSV writes a value, and can be asked for after each row, so that a file that grew at its end is recognised.
/// </summary>
internal sealed class ContentHash : IDisposable
{
    // short texts are gathered first: each call of the hash costs more than their bytes do
    private const int Gathered = 1 << 14;
    private const int LongestNumber = 32;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly ArrayBufferWriter<byte> _bytes = new(2 * Gathered);

    public ContentHash(DataSetSpecification specification)
    {
        foreach (var column in specification.Columns)
        {
            Add(column.Name);
            Add(column.FeatureType);
        }
    }

    /// <summary>Adds a row.</summary>
    public void Add(CsvRow row)
    {
        Span<byte> text = stackalloc byte[LongestNumber];
        for (var i = 0; i < row.Values.Count; i++)
        {
            if (row.Values[i].Number is { } number)
            {
                var written = RowValue.Format(number, text);
                WriteLength(written);
                _bytes.Write(text[..written]);
            }
            else
            {
                Add(row.Values[i].Text);
            }
        }

        if (_bytes.WrittenCount >= Gathered)
        {
            Flush();
        }
    }

    /// <summary>The hash so far, in hexadecimal digits.</summary>
    public string Current()
    {
        Flush();
        return Convert.ToHexStringLower(_hash.GetCurrentHash());
    }

    public void Dispose() => _hash.Dispose();

    private void Add(string? text)
    {
        // an unknown value is not an empty one
        WriteLength(text is null ? -1 : Encoding.UTF8.GetByteCount(text));
        if (text is not null)
        {
            Encoding.UTF8.GetBytes(text, _bytes);
        }
    }

    private void WriteLength(int length)
    {
        BinaryPrimitives.WriteInt32LittleEndian(_bytes.GetSpan(sizeof(int)), length);
        _bytes.Advance(sizeof(int));
    }

    private void Flush()
    {
        _hash.AppendData(_bytes.WrittenSpan);
        _bytes.ResetWrittenCount();
    }
}
