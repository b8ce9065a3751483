using Microsoft.Win32.SafeHandles;

namespace Slipway.LocalAws.S3.Store;

/// <summary>Reads the files of one object as one content, which it holds until it is disposed.</summary>
internal sealed class ContentStream : Stream
{
    private readonly ObjectFiles _files;
    private readonly IReadOnlyList<ObjectFile> _content;
    private readonly long[] _starts;
    private readonly byte[]? _dataKey;
    private SafeFileHandle? _file;
    private FileCipher? _cipher;
    private int _open = -1;
    private long _position;
    private bool _disposed;

    /// <summary>Takes over the caller's hold on the files.</summary>
    public ContentStream(ObjectFiles files, IReadOnlyList<ObjectFile> content, byte[]? dataKey)
    {
        (_files, _content, _dataKey, _starts) = (files, content, dataKey, new long[content.Count]);
        for (var i = 0; i < content.Count; i++)
        {
            _starts[i] = Length;
            Length += content[i].Size;
        }
    }

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length { get; }

    public override long Position
    {
        get => _position;
        set => _position = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(value));
    }

    public override int Read(Span<byte> buffer)
    {
        if (buffer.Length == 0 || At() is not var (file, offset))
        {
            return 0;
        }

        var read = _cipher?.Read(file, buffer, offset, _content[_open].Size) ?? RandomAccess.Read(file, buffer, offset);
        _position += read;
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.Length == 0 || At() is not var (file, offset))
        {
            return 0;
        }

        var read = _cipher?.Read(file, buffer.Span, offset, _content[_open].Size) ?? await RandomAccess.ReadAsync(file, buffer, offset, cancellationToken);
        _position += read;
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => _position + offset,
        _ => Length + offset,
    };

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_disposed)
        {
            _disposed = true;
            _file?.Dispose();
            _cipher?.Dispose();
            _files.Release(_content);
        }

        base.Dispose(disposing);
    }

    private (SafeFileHandle File, long Offset)? At()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_position >= Length)
        {
            return null;
        }

        var index = Array.BinarySearch(_starts, _position);
        index = index < 0 ? ~index - 1 : index;
        // an empty file starts where the next one does
        while (_position - _starts[index] >= _content[index].Size)
        {
            index++;
        }

        if (_open != index)
        {
            _file?.Dispose();
            _cipher?.Dispose();
            _file = _files.OpenHandle(_content[index]);
            _cipher = _dataKey is null ? null : new FileCipher(_dataKey, _content[index].Name);
            _open = index;
        }

        return (_file!, _position - _starts[index]);
    }
}
