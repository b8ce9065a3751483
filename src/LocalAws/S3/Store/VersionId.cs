using System.Buffers.Binary;
using System.Security.Cryptography;
using Slipway.LocalAws.S3.Requests;

namespace Slipway.LocalAws.S3.Store;

/// <summary>
/// The ids of versions: 32 characters, as S3's are. An id holds its version's place in the order of its key's versions,
/// so that a listing can go on after a version that is gone by then.
/// </summary>
internal static class VersionId
{
    /// <summary>The id of the one version that a key has without versioning.</summary>
    public const string Null = "null";

    private const int RandomBytes = 16;
    private const int Bytes = RandomBytes + sizeof(long);

    /// <summary>A new id.</summary>
    /// <param name="sequence">The version's place: the newest version of a key has the lowest.</param>
    public static string New(long sequence)
    {
        Span<byte> bytes = stackalloc byte[Bytes];
        RandomNumberGenerator.Fill(bytes[..RandomBytes]);
        BinaryPrimitives.WriteInt64BigEndian(bytes[RandomBytes..], sequence);
        return Convert.ToBase64String(bytes).Replace('+', '.').Replace('/', '_');
    }

    /// <summary>The place that an id holds; null where it is not of an id's form, or the null version's.</summary>
    public static long? Sequence(string id)
    {
        Span<byte> bytes = stackalloc byte[Bytes];
        return id.Length == Bytes / 3 * 4 && Convert.TryFromBase64String(id.Replace('.', '+').Replace('_', '/'), bytes, out var length) && length == Bytes
            ? BinaryPrimitives.ReadInt64BigEndian(bytes[RandomBytes..])
            : null;
    }

    /// <summary>The version that a request names by a query parameter, or null.</summary>
    /// <exception cref="Aws.Wire.AwsException">InvalidArgument: no version has such an id.</exception>
    public static string? Of(S3Request request) => Check(request.Parameter("versionId"), "versionId");

    /// <summary>An id as it came, or null for none.</summary>
    /// <param name="id">What came.</param>
    /// <param name="argument">What it came as.</param>
    /// <exception cref="Aws.Wire.AwsException">InvalidArgument: no version has such an id.</exception>
    public static string? Check(string? id, string argument) => id is null or Null || Sequence(id) is not null
        ? id
        : throw S3Errors.InvalidArgument(id.Length == 0 ? "Version id cannot be the empty string" : "Invalid version id specified", argument, id);
}
