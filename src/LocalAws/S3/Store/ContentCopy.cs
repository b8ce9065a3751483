using Microsoft.Win32.SafeHandles;
using Slipway.LocalAws.S3.Requests;

namespace Slipway.LocalAws.S3.Store;

/// <summary>Takes a content into a file block by block, in constant memory.</summary>
internal static class ContentCopy
{
    private const int BufferSize = 256 * 1024;

    /// <summary>Reads the first block of a content; what does not fill it is the whole.</summary>
    public static async Task<(byte[] Block, int Read)> Start(Stream content, CancellationToken cancellation)
    {
        // small objects are many: they need no large buffers
        var length = content is RequestBody || content.CanSeek ? Math.Clamp(content.Length + 1, 1024, BufferSize) : BufferSize;
        var block = new byte[length];
        return (block, await content.ReadAtLeastAsync(block, block.Length, throwOnEndOfStream: false, cancellation));
    }

    /// <summary>Writes a content to a file, the first block of which has been read, and gives its bytes.</summary>
    public static async Task<long> Copy(
        Stream content, (byte[] Block, int Read) start, SafeFileHandle file, Digests digests, FileCipher? cipher, CancellationToken cancellation)
    {
        var (filling, read) = start;
        var draining = read < filling.Length ? [] : new byte[filling.Length];
        var size = 0L;
        var writing = Task.CompletedTask;
        try
        {
            while (read > 0)
            {
                await writing;
                var (block, at, isLast) = (filling.AsMemory(0, read), size, read < filling.Length);
                size += read;
                if (isLast)
                {
                    Take(block, at);
                    break;
                }

                // the next block comes in while this one is digested and written
                writing = Task.Run(() => Take(block, at), CancellationToken.None);
                (filling, draining) = (draining, filling);
                read = await content.ReadAtLeastAsync(filling, filling.Length, throwOnEndOfStream: false, cancellation);
            }
        }
        finally
        {
            await writing;
        }

        return size;

        void Take(Memory<byte> block, long at)
        {
            digests.Append(block.Span);
            if (cipher is null)
            {
                RandomAccess.Write(file, block.Span, at);
            }
            else
            {
                cipher.Write(file, block.Span, at);
            }
        }
    }
}
