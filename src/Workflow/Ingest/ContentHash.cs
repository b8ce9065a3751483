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
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

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
        foreach (var value in row.Values)
        {
            Add(value.AsString);
        }
    }

    /// <summary>The hash so far, in hexadecimal digits.</summary>
    public string Current() => Convert.ToHexStringLower(_hash.GetCurrentHash());

    public void Dispose() => _hash.Dispose();

    private void Add(string? text)
    {
        Span<byte> length = stackalloc byte[4];
        var bytes = text is null ? [] : Encoding.UTF8.GetBytes(text);
        // an unknown value is not an empty one
        BinaryPrimitives.WriteInt32LittleEndian(length, text is null ? -1 : bytes.Length);
        _hash.AppendData(length);
        _hash.AppendData(bytes);
    }
}
