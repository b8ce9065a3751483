using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Slipway.Aws.Wire;
using Slipway.LocalAws.Access;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.CodeCommit;

/// <summary>
/// git over HTTP at CodeCommit's own path, <c>/v1/repos/NAME</c>, through git's own http-backend:
/// https://git-scm.com/docs/git-http-backend. Only the smart protocol, as in AWS.
/// </summary>
internal sealed class GitEndpoint(RepositoryStore repositories, References references, Git git, GitCredentials credentials, ServerLog log) : IWireService
{
    private const string Root = "/v1/repos";

    /// <summary>The flush packet at the end of an answer to a push: git's client waits for it before it ends.</summary>
    private const int FlushPacket = 4;
    private const string NotSigned = "MissingAuthenticationTokenException";

    /// <inheritdoc/>
    public SigningRules Signing => credentials.Rules;

    /// <inheritdoc/>
    public bool Takes(HttpRequest request, CredentialScope? scope) => scope is null && request.Path.StartsWithSegments(Root);

    /// <inheritdoc/>
    public async Task Handle(HttpContext http, Caller caller)
    {
        try
        {
            await Serve(http, caller);
        }
        catch (Exception e) when (e is not AwsException and not OperationCanceledException and not BadHttpRequestException)
        {
            log.Write($"{caller.RequestId} git {http.Request.Method} {http.Request.Path}: {e}");
            await Refuse(http, StatusCodes.Status500InternalServerError, $"Local AWS failed on this request. Its log has the cause under the request id {caller.RequestId}.");
        }
    }

    /// <inheritdoc/>
    public Task Refuse(HttpContext http, Caller caller, AwsException error)
    {
        if (error.Code == NotSigned)
        {
            // git signs only when it is asked to
            return Refuse(http, StatusCodes.Status401Unauthorized, error.Message, challenge: "Basic realm=\"CodeCommit\"");
        }

        return Refuse(http, (int)error.Status, error.Message);
    }

    private async Task Serve(HttpContext http, Caller caller)
    {
        var (name, rest) = http.Request.Path.Value![Root.Length..].Split('/', 3) is ["", var first, var second] ? (first, second) : ("", "");
        if (ServiceOf(http.Request, rest) is not { } service)
        {
            await Refuse(http, StatusCodes.Status404NotFound, "Only git's smart HTTP protocol is served here: clone, fetch or push the repository's address.");
            return;
        }

        if (repositories.Table.Find(name) is not { } repository)
        {
            await Refuse(http, StatusCodes.Status404NotFound, $"There is no repository named {name}. Make it with: aws codecommit create-repository --repository-name {name}");
            return;
        }

        // packing may take git longer than Kestrel lets a connection rest
        http.Features.Get<IHttpMinRequestBodyDataRateFeature>()?.MinDataRate = null;
        http.Features.Get<IHttpMinResponseDataRateFeature>()?.MinDataRate = null;
        using var process = Git.Launch(["http-backend"], Environment(http, repository, rest, caller));
        var pushes = service == "git-receive-pack" && HttpMethods.IsPost(http.Request.Method);
        var failure = await new CgiProcess(http, process).Run(
            pushes ? FlushPacket : 0, () => pushes ? references.Announce(repository.RepositoryId, caller.Identity.Arn) : Task.CompletedTask);
        if (failure.Length > 0)
        {
            log.Write($"{caller.RequestId} git {http.Request.Method} {http.Request.Path}: {failure.Trim()}");
        }
    }

    /// <summary>The service that a request asks for: git-upload-pack (clone, fetch) or git-receive-pack (push); null where it asks for neither.</summary>
    private static string? ServiceOf(HttpRequest request, string rest) => (request.Method, rest, request.Query["service"].ToString()) switch
    {
        ("GET", "info/refs", "git-upload-pack" or "git-receive-pack") => request.Query["service"].ToString(),
        ("POST", "git-upload-pack" or "git-receive-pack", _) => rest,
        _ => null,
    };

    private Dictionary<string, string> Environment(HttpContext http, Repository repository, string rest, Caller caller)
    {
        var request = http.Request;
        var environment = new Dictionary<string, string>
        {
            ["GIT_PROJECT_ROOT"] = git.Folder,
            ["GIT_HTTP_EXPORT_ALL"] = "1",
            ["PATH_INFO"] = $"/{repository.RepositoryId}.git/{rest}",
            ["REQUEST_METHOD"] = request.Method,
            ["QUERY_STRING"] = request.QueryString.Value?.TrimStart('?') ?? "",
            ["CONTENT_TYPE"] = request.ContentType ?? "",
            ["REMOTE_USER"] = caller.Identity.Arn,
            ["REMOTE_ADDR"] = http.Connection.RemoteIpAddress?.ToString() ?? "",
            ["SERVER_PROTOCOL"] = request.Protocol,
        };
        // without a length git reads a body to its end
        Add("CONTENT_LENGTH", request.ContentLength?.ToString());
        Add("HTTP_CONTENT_ENCODING", request.Headers.ContentEncoding);
        Add("GIT_PROTOCOL", request.Headers["Git-Protocol"]);
        return environment;

        void Add(string name, string? value)
        {
            if (!string.IsNullOrEmpty(value))
            {
                environment[name] = value;
            }
        }
    }

    /// <summary>git shows a plain text to its user, line by line after <c>remote:</c>.</summary>
    private static async Task Refuse(HttpContext http, int status, string why, string challenge = "")
    {
        if (http.Response.HasStarted)
        {
            http.Abort();
            return;
        }

        http.Response.Clear();
        http.Response.StatusCode = status;
        http.Response.Headers.WWWAuthenticate = challenge;
        http.Response.ContentType = "text/plain; charset=utf-8";
        await http.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(why + "\n"), http.RequestAborted);
    }
}
