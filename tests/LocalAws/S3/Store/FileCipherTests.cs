using System.Security.Cryptography;
using Slipway.LocalAws.S3.Store;

namespace Slipway.Tests.LocalAws.S3.Store;

/// <summary>The encrypted files of objects, read whole, in parts, and after somebody changed them.</summary>
public sealed class FileCipherTests : IDisposable
{
    private const int Chunk = 64 * 1024;
    private const int Tag = 16;
    private static readonly byte[] DataKey = RandomNumberGenerator.GetBytes(32);
    private readonly string _file = Path.Combine(Path.GetTempPath(), "slipway-cipher-" + Guid.NewGuid().ToString("N"));

    public void Dispose() => File.Delete(_file);

    [Theory]
    [InlineData(1)]
    [InlineData(Chunk - 1)]
    [InlineData(Chunk)]
    [InlineData(Chunk + 1)]
    [InlineData(4 * Chunk)]
    [InlineData((5 * Chunk) + 7)]
    public void What_is_written_is_read_at_every_place(int size)
    {
        var content = Write(size);
        Assert.Equal(size + ((size + Chunk - 1) / Chunk * Tag), new FileInfo(_file).Length);
        Assert.Equal(content, Read(0, size, size));
        foreach (var start in new[] { 0, size / 3, Chunk - 1, Chunk, size - 1 }.Where(s => s < size))
        {
            var length = Math.Min(size - start, Chunk + 3);
            Assert.Equal(content[start..(start + length)], Read(start, length, size));
        }
    }

    [Fact]
    public void The_file_shows_nothing_of_the_content()
    {
        Write(3 * Chunk, _ => (byte)'a');
        Assert.Equal(-1, File.ReadAllBytes(_file).AsSpan().IndexOf("aaaa"u8));
    }

    [Fact]
    public void A_changed_byte_a_cut_end_and_exchanged_chunks_are_noticed()
    {
        Write(2 * Chunk);
        var whole = File.ReadAllBytes(_file);
        foreach (var at in new[] { 0, Chunk, whole.Length - 1 })
        {
            var changed = (byte[])whole.Clone();
            changed[at] ^= 1;
            Refused(changed);
        }

        Refused(whole[..^1]);
        Refused([.. whole[(Chunk + Tag)..], .. whole[..(Chunk + Tag)]]);
    }

    [Fact]
    public void Another_files_bytes_do_not_pass_under_the_same_data_key()
    {
        Write(10);
        Assert.Throws<InvalidDataException>(() => Read(0, 10, 10, name: "other"));
    }

    private byte[] Write(int size, Func<int, byte>? byteAt = null)
    {
        var content = byteAt is null ? RandomNumberGenerator.GetBytes(size) : [.. Enumerable.Range(0, size).Select(byteAt)];
        using var cipher = new FileCipher(DataKey, "file");
        using var handle = File.OpenHandle(_file, FileMode.Create, FileAccess.Write);
        for (var at = 0; at < size; at += 4 * Chunk)
        {
            cipher.Write(handle, content.AsSpan(at, Math.Min(4 * Chunk, size - at)), at);
        }

        return content;
    }

    private byte[] Read(int start, int length, int size, string name = "file")
    {
        using var cipher = new FileCipher(DataKey, name);
        using var handle = File.OpenHandle(_file);
        var content = new byte[length];
        for (var read = 0; read < length;)
        {
            read += cipher.Read(handle, content.AsSpan(read), start + read, size);
        }

        return content;
    }

    private void Refused(byte[] file)
    {
        File.WriteAllBytes(_file, file);
        Assert.Throws<InvalidDataException>(() => Read(0, 2 * Chunk, 2 * Chunk));
    }
}
