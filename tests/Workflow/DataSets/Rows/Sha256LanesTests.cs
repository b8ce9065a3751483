using System.Security.Cryptography;
using Slipway.Workflow.DataSets;
using Slipway.Workflow.DataSets.Rows;

namespace Slipway.Tests.Workflow.DataSets.Rows;

public sealed class Sha256LanesTests
{
    [Fact]
    public void Messages_of_all_lengths_beside_each_other_have_the_hashes_of_the_platform()
    {
        var random = new Random(7);
        // several times round each place of a block where a message can end, next to much longer and to empty ones
        var messages = Enumerable.Range(0, 300).SelectMany(length => new[] { length, random.Next(5000), 0, 4096 + (length % 2) })
            .Select(length =>
            {
                var message = new byte[length];
                random.NextBytes(message);
                return message;
            }).ToList();
        var hashes = new byte[messages.Count * SHA256.HashSizeInBytes];

        Sha256Lanes.HashData(messages.SelectMany(message => message).ToArray(), Ends(messages), hashes);

        Assert.Equal(messages.SelectMany(SHA256.HashData), hashes);
    }

    [Theory]
    [InlineData("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    [InlineData("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1")]
    public void The_examples_of_the_standard_have_its_hashes(string message, string hash)
    {
        var bytes = System.Text.Encoding.ASCII.GetBytes(message);
        var hashes = new byte[SHA256.HashSizeInBytes];

        Sha256Lanes.HashData(bytes, [bytes.Length], hashes);

        Assert.Equal(hash, Convert.ToHexStringLower(hashes));
    }

    private static int[] Ends(List<byte[]> messages)
    {
        var end = 0;
        return [.. messages.Select(message => end += message.Length)];
    }
}
