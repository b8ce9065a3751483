using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using Slipway.Aws.Wire;
using Slipway.LocalAws.S3.Requests;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.S3.Forms;

/// <summary>
/// A form that a browser sends to put an object: fields, and after them the file, which is read when it is stored:
/// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTForms.html
/// </summary>
internal sealed class PostForm
{
    // S3's own limit of what comes before the file
    private const int LargestFields = 20 * 1024;
    private const int LongestBoundary = 70;
    private const int BufferSize = 64 * 1024;
    private const string FileVariable = "${filename}";

    private readonly Dictionary<string, string> _fields = new(StringComparer.OrdinalIgnoreCase);
    private string? _fileName;
    private int _size;

    private PostForm()
    {
    }

    /// <summary>The file's bytes.</summary>
    public Stream File { get; private set; } = Stream.Null;

    /// <summary>The names of the fields.</summary>
    public IEnumerable<string> Names => _fields.Keys;

    /// <summary>
    /// Whether a request carries a form. One with a query does not, whatever its type says: it is another operation,
    /// and that has no signature among its fields.
    /// </summary>
    public static bool IsForm(HttpRequest request) => HttpMethods.IsPost(request.Method) && Boundary(request) is not null && RequestTarget.Of(request.HttpContext).Query.Length == 0;

    /// <summary>Reads a form up to the file in it.</summary>
    /// <exception cref="AwsException">PreconditionFailed: it is no form; MalformedPOSTRequest, MaxPostPreDataLengthExceeded, InvalidArgument.</exception>
    public static async Task<PostForm> Read(S3Request request)
    {
        var boundary = Boundary(request.Http.Request) ?? throw S3Errors.PreconditionFailed("Bucket POST must be of the enclosure-type multipart/form-data");
        if (boundary.Length > LongestBoundary)
        {
            throw Malformed($"its boundary is longer than {LongestBoundary} characters");
        }

        var form = new PostForm();
        var reader = new MultipartReader(boundary, request.Http.Request.Body, BufferSize);
        while (await Guard(() => reader.ReadNextSectionAsync(request.Cancellation)) is { } section)
        {
            if (await Guard(() => form.Take(section, request.Cancellation)))
            {
                return form;
            }
        }

        throw S3Errors.InvalidArgument("POST requires exactly one file upload per request.", "file", "0");
    }

    /// <summary>A field, the file's name put in where the form asks for that; null where there is none.</summary>
    public string? Field(string name) => _fields.TryGetValue(name, out var value)
        ? _fileName is null ? value : value.Replace(FileVariable, _fileName, StringComparison.Ordinal)
        : null;

    /// <summary>A field that must be there.</summary>
    /// <exception cref="AwsException">InvalidArgument.</exception>
    public string Require(string name) => Field(name)
        ?? throw S3Errors.InvalidArgument($"Bucket POST must contain a field named '{name}'.  If it is specified, please check the order of the fields.", name, "");

    /// <summary>Reads on in a form, and says what is wrong where it is none.</summary>
    /// <exception cref="AwsException">MalformedPOSTRequest.</exception>
    public static async Task<T> Guard<T>(Func<Task<T>> read)
    {
        try
        {
            return await read();
        }
        catch (Exception e) when (e is InvalidDataException || (e is IOException and not BadHttpRequestException))
        {
            throw Malformed(e.Message);
        }
    }

    private static AwsException Malformed(string why) =>
        S3Errors.Bad("MalformedPOSTRequest", $"The body of your POST request is not well-formed multipart/form-data: {why}");

    private static string? Boundary(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type) && type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)
        && HeaderUtilities.RemoveQuotes(type.Boundary) is { Length: > 0 } boundary ? boundary.ToString() : null;

    /// <summary>Takes a section; whether it is the file.</summary>
    private async Task<bool> Take(MultipartSection section, CancellationToken cancellation)
    {
        if (!ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition) || HeaderUtilities.RemoveQuotes(disposition.Name) is not { Length: > 0 } name)
        {
            throw Malformed("a part has no Content-Disposition with a name");
        }

        if (name.Equals("file", StringComparison.OrdinalIgnoreCase))
        {
            var path = (disposition.FileNameStar.HasValue ? disposition.FileNameStar : HeaderUtilities.RemoveQuotes(disposition.FileName)).Value;
            // some browsers send the path that the file has on its machine
            (_fileName, File) = (path?[(path.LastIndexOfAny(['/', '\\']) + 1)..], section.Body);
            return true;
        }

        _fields[name.ToString()] = await Value(section.Body, name.Length, cancellation);
        return false;
    }

    private async Task<string> Value(Stream body, int nameLength, CancellationToken cancellation)
    {
        var buffer = new byte[LargestFields + 1 - _size];
        var length = await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellation);
        _size += length + nameLength;
        return _size <= LargestFields
            ? Encoding.UTF8.GetString(buffer, 0, length)
            : throw S3Errors.Bad("MaxPostPreDataLengthExceeded", $"Your POST request fields preceding the upload file were too large: more than {LargestFields} bytes.");
    }
}

/// <summary>The file of a form, held to the sizes that it may have.</summary>
/// <param name="form">The form.</param>
/// <param name="least">The fewest bytes.</param>
/// <param name="most">The most bytes.</param>
internal sealed class PostFile(PostForm form, long least, long most) : ForwardStream
{
    private long _size;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await PostForm.Guard(() => form.File.ReadAsync(buffer, cancellationToken).AsTask());
        _size += read;
        return _size <= most ? read : throw S3Errors.Bad(
            "EntityTooLarge", "Your proposed upload exceeds the maximum allowed size", ("ProposedSize", $"{_size}"), ("MaxSizeAllowed", $"{most}"));
    }

    /// <summary>Says whether the file, which has been read to its end, is too small.</summary>
    /// <exception cref="AwsException">EntityTooSmall.</exception>
    public void Verify()
    {
        if (_size < least)
        {
            throw S3Errors.Bad(
                "EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size", ("ProposedSize", $"{_size}"), ("MinSizeAllowed", $"{least}"));
        }
    }
}
