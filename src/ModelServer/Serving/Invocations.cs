using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Slipway.ModelServer.Models;

namespace Slipway.ModelServer.Serving;

/// <summary>
/// Answers <c>GET /ping</c> and <c>POST /invocations</c>, as SageMaker asks of a container
/// (<see href="https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-inference-code.html"/>).
/// </summary>
/// <param name="model">The model.</param>
internal sealed class Invocations(Model model)
{
    /// <summary>The most that a request's body may hold: InvokeEndpoint's own limit, 6 MB.</summary>
    internal const int MaxBody = 6 * 1024 * 1024;

    // some hundred rows, which take less than a millisecond
    private const int SmallBody = 4 * 1024;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Answers a request.</summary>
    public async Task Handle(HttpContext context)
    {
        var (path, method) = (context.Request.Path.Value, context.Request.Method);
        try
        {
            if (path == "/invocations")
            {
                Expect(context, HttpMethods.IsPost(method), "POST");
                await Invoke(context);
            }
            else if (path == "/ping")
            {
                // The server listens only once its model is loaded.
                Expect(context, HttpMethods.IsGet(method) || HttpMethods.IsHead(method), "GET");
                context.Response.ContentLength = 0;
            }
            else
            {
                throw new InvocationException(StatusCodes.Status404NotFound, $"There is no {path}; there are GET /ping and POST /invocations.");
            }
        }
        catch (InvocationException e)
        {
            await Refuse(context, e);
        }
    }

    private static void Expect(HttpContext context, bool isRight, string method)
    {
        if (!isRight)
        {
            context.Response.Headers.Allow = method;
            throw new InvocationException(StatusCodes.Status405MethodNotAllowed, $"{context.Request.Path} takes {method}, not {context.Request.Method}.");
        }
    }

    private async Task Invoke(HttpContext context)
    {
        var request = BodyForms.OfRequest(context.Request.ContentType);
        var answer = BodyForms.OfAnswer(context.Request.Headers.Accept, request);
        var reader = context.Request.BodyReader;
        var body = await ReadBody(context.Request.ContentLength, reader);
        if (body.Length > SmallBody)
        {
            await Task.Yield(); // the thread that reads requests has those of others to read
        }
        try
        {
            Predict(body, request, answer, context.Response);
        }
        finally
        {
            reader.AdvanceTo(body.End);
        }
        await context.Response.BodyWriter.FlushAsync();
    }

    private static async ValueTask<ReadOnlySequence<byte>> ReadBody(long? length, PipeReader reader)
    {
        var result = length > MaxBody ? default : await reader.ReadAsync();
        while (!result.IsCompleted && result.Buffer.Length <= MaxBody && !(length > MaxBody))
        {
            reader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
            result = await reader.ReadAsync();
        }
        if (length > MaxBody || result.Buffer.Length > MaxBody)
        {
            throw new InvocationException(StatusCodes.Status413PayloadTooLarge, $"The body is larger than {MaxBody} bytes (6 MB); send the rows in several requests.");
        }
        return result.Buffer;
    }

    // Everything from here on happens on one thread: the rows' buffer is that thread's.
    private void Predict(in ReadOnlySequence<byte> body, BodyForm request, BodyForm answer, HttpResponse response)
    {
        var memory = body.IsSingleSegment ? body.First : body.ToArray();
        if (memory.IsEmpty)
        {
            throw new InvocationException(StatusCodes.Status400BadRequest, "The body is empty; send at least one row.");
        }
        var rows = RequestRows.Begin(model.Encoder.InputNames.Count);
        switch (request)
        {
            case BodyForm.Csv:
                ReadCsv(memory.Span, rows);
                break;
            case BodyForm.Json:
                JsonRequest.Read(model.Encoder, memory, rows);
                break;
            default:
                JsonRequest.ReadLines(model.Encoder, memory, rows);
                break;
        }
        response.ContentType = answer.MediaType();
        response.ContentLength = Answer.Write(model, rows, answer, response.BodyWriter);
    }

    private void ReadCsv(ReadOnlySpan<byte> body, RequestRows rows)
    {
        var characters = ArrayPool<char>.Shared.Rent(body.Length);
        try
        {
            CsvRequest.Read(model.Encoder, characters.AsSpan(0, Utf8.GetChars(body, characters)), rows);
        }
        catch (DecoderFallbackException e)
        {
            throw new InvocationException(StatusCodes.Status400BadRequest, $"The body is not UTF-8: byte {e.Index + 1} begins no character.", e);
        }
        finally
        {
            ArrayPool<char>.Shared.Return(characters);
        }
    }

    private static async Task Refuse(HttpContext context, InvocationException e)
    {
        var body = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(body, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("error", e.Message);
            json.WriteEndObject();
        }
        context.Response.StatusCode = e.Status;
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = body.WrittenCount;
        await context.Response.Body.WriteAsync(body.WrittenMemory);
    }
}
