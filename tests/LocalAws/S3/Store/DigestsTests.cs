using System.Text;
using Slipway.LocalAws.S3.Store;

namespace Slipway.Tests.LocalAws.S3.Store;

/// <summary>Checksums against the check values of the CRC catalogue and FIPS 180 (of "123456789"), and CRCs of parts against that of the whole.</summary>
public sealed class DigestsTests
{
    [Theory]
    [InlineData("CRC32", "CBF43926")]
    [InlineData("CRC32C", "E3069283")]
    [InlineData("CRC64NVME", "AE8B14860A799888")]
    [InlineData("SHA1", "F7C3BC1D808E04732ADF679965CCC34CA7AE3441")]
    [InlineData("SHA256", "15E2B0D3C33891EBB0F1EF609EC419420C20E320CE94C65FBC8C3312448EB225")]
    public void A_checksum_is_the_published_one(string algorithm, string expected)
    {
        using var digests = new Digests(algorithm);
        digests.Append(Encoding.ASCII.GetBytes("123456789"));
        Assert.Equal(expected, Convert.ToHexString(Convert.FromBase64String(digests.Value())));
    }

    [Theory]
    [InlineData("CRC32")]
    [InlineData("CRC32C")]
    [InlineData("CRC64NVME")]
    public void The_checksum_of_parts_is_that_of_the_whole(string algorithm)
    {
        var content = new byte[100_003];
        new Random(1).NextBytes(content);
        byte[][] parts = [content[..1], content[1..4096], content[4096..4096], content[4096..70_001], content[70_001..]];
        var combined = Digests.Combine(algorithm, parts.Select(p => (Of(algorithm, p), (long)p.Length)));
        Assert.Equal(Of(algorithm, content), combined);
    }

    [Theory]
    [InlineData("CRC32")]
    [InlineData("CRC32C")]
    [InlineData("CRC64NVME")]
    public void A_checksum_is_the_same_in_whatever_pieces_the_content_comes(string algorithm)
    {
        var content = new byte[1_000];
        new Random(2).NextBytes(content);
        for (var length = 0; length <= content.Length; length++)
        {
            using var digests = new Digests(algorithm);
            foreach (var one in content[..length])
            {
                digests.Append([one]);
            }

            Assert.Equal(digests.Value(), Of(algorithm, content[..length]));
        }
    }

    private static string Of(string algorithm, byte[] content)
    {
        using var digests = new Digests(algorithm);
        digests.Append(content);
        return digests.Value();
    }
}
