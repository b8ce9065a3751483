using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Slipway.LocalAws.S3.Store;

/// <summary>
/// An encrypted file of an object: chunks of 64 KiB, each AES-256-GCM (NIST SP 800-38D) with its tag after it, so that a
/// range is read without what is before it and memory stays constant. The key is the file's own, derived by HKDF
/// (RFC 5869) from the object's data key and the file's name; a chunk's nonce is its number, so none comes twice and no
/// chunk passes for another.
/// </summary>
internal sealed class FileCipher : IDisposable
{
    private const int ChunkSize = 64 * 1024;
    private const int TagSize = 16;
    private const int NonceSize = 12;
    private const int KeySize = 32;
    private readonly AesGcm _aes;
    private readonly string _name;
    private byte[] _chunk = [];
    private long _number = -1;
    private int _length;

    /// <param name="dataKey">The object's data key.</param>
    /// <param name="name">The file's name.</param>
    public FileCipher(byte[] dataKey, string name)
    {
        _name = name;
        var key = HKDF.DeriveKey(HashAlgorithmName.SHA256, dataKey, KeySize, info: Encoding.ASCII.GetBytes("slipway object file 1 " + name));
        _aes = new AesGcm(key, TagSize);
    }

    /// <summary>Encrypts the next bytes of the content and writes them.</summary>
    /// <param name="file">The file.</param>
    /// <param name="block">The bytes: whole chunks, but for the last block of the content.</param>
    /// <param name="at">Where they are in the content.</param>
    public void Write(SafeFileHandle file, ReadOnlySpan<byte> block, long at)
    {
        if (at % ChunkSize != 0)
        {
            throw new ArgumentException("a block starts where a chunk does", nameof(at));
        }

        var chunks = (block.Length + ChunkSize - 1) / ChunkSize;
        var sealedBlock = ArrayPool<byte>.Shared.Rent(block.Length + (chunks * TagSize));
        try
        {
            var written = 0;
            for (var i = 0; i < chunks; i++)
            {
                var chunk = block[(i * ChunkSize)..Math.Min(block.Length, (i + 1) * ChunkSize)];
                _aes.Encrypt(Nonce((at / ChunkSize) + i), chunk, sealedBlock.AsSpan(written, chunk.Length), sealedBlock.AsSpan(written + chunk.Length, TagSize));
                written += chunk.Length + TagSize;
            }

            RandomAccess.Write(file, sealedBlock.AsSpan(0, written), at / ChunkSize * (ChunkSize + TagSize));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(sealedBlock);
        }
    }

    /// <summary>Reads and decrypts bytes of the content; as many as its chunk has.</summary>
    /// <param name="file">The file.</param>
    /// <param name="buffer">Takes the bytes.</param>
    /// <param name="offset">Where they are in the content, before its end.</param>
    /// <param name="size">The content's size in bytes.</param>
    /// <exception cref="InvalidDataException">The file was changed or cut.</exception>
    public int Read(SafeFileHandle file, Span<byte> buffer, long offset, long size)
    {
        if (offset / ChunkSize != _number)
        {
            Load(file, offset / ChunkSize, size);
        }

        var from = (int)(offset % ChunkSize);
        var count = Math.Min(buffer.Length, _length - from);
        _chunk.AsSpan(from, count).CopyTo(buffer);
        return count;
    }

    public void Dispose() => _aes.Dispose();

    private static byte[] Nonce(long number)
    {
        var nonce = new byte[NonceSize];
        BinaryPrimitives.WriteInt64BigEndian(nonce.AsSpan(NonceSize - sizeof(long)), number);
        return nonce;
    }

    private void Load(SafeFileHandle file, long number, long size)
    {
        _number = -1;
        _length = (int)Math.Min(ChunkSize, size - (number * ChunkSize));
        if (_chunk.Length < _length)
        {
            _chunk = new byte[_length];
        }

        var sealedChunk = ArrayPool<byte>.Shared.Rent(_length + TagSize);
        try
        {
            var read = 0;
            while (read < _length + TagSize)
            {
                var more = RandomAccess.Read(file, sealedChunk.AsSpan(read, _length + TagSize - read), (number * (ChunkSize + TagSize)) + read);
                read += more > 0 ? more : throw new InvalidDataException($"the encrypted file {_name} is cut in its chunk {number}");
            }

            _aes.Decrypt(Nonce(number), sealedChunk.AsSpan(0, _length), sealedChunk.AsSpan(_length, TagSize), _chunk.AsSpan(0, _length));
            _number = number;
        }
        catch (AuthenticationTagMismatchException e)
        {
            throw new InvalidDataException($"the encrypted file {_name} was changed in its chunk {number}", e);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(sealedChunk);
        }
    }
}
