using Slipway.LocalAws.Access;
using Slipway.LocalAws.Logs;

namespace Slipway.LocalAws.Containers;

/// <summary>What is to run: an image with SageMaker's container contract, or CodeBuild's.</summary>
/// <param name="Image">The image's URI.</param>
/// <param name="MlRoot">The folder on this machine that the container sees as <see cref="MountPoint"/>; nothing else on the machine is writable for it.</param>
/// <param name="LogGroup">The CloudWatch Logs group that takes its output.</param>
/// <param name="LogStream">The stream in it.</param>
internal sealed record ContainerSpec(string Image, string MlRoot, string LogGroup, string LogStream)
{
    /// <summary>Replaces the image's own entry point; null keeps it.</summary>
    public IReadOnlyList<string>? Entrypoint { get; init; }

    /// <summary>The arguments, such as <c>train</c> or <c>serve</c>.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>Its environment beside what every container is given (<see cref="ContainerEnvironment"/>).</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>The role that it runs as; null: it has no credentials.</summary>
    public string? RoleArn { get; init; }

    /// <summary>The role's credentials while it runs.</summary>
    public SigningCredential? Credential { get; init; }

    /// <summary>The region that it is told; null: local AWS's own.</summary>
    public string? Region { get; init; }

    /// <summary>Whether it has no network at all.</summary>
    public bool Isolated { get; init; }

    /// <summary>A file that it sees as <c>/etc/hosts</c>, or null.</summary>
    public string? HostsFile { get; init; }

    /// <summary>Where the container sees its folder.</summary>
    public string MountPoint { get; init; } = "/opt/ml";

    /// <summary>Whether the programs of this machine stand for the image, though it is none of the platform's.</summary>
    public bool IsMachine { get; init; }

    /// <summary>Whether its input stays open, for <see cref="Container.Input"/>.</summary>
    public bool TakesInput { get; init; }

    /// <summary>The name of its role's session; SageMaker gives those of its jobs its own.</summary>
    public string SessionName { get; init; } = "SageMaker";

    /// <summary>What becomes of each batch of lines before it is kept; null: they are kept as they are.</summary>
    public Func<IReadOnlyList<LogLine>, IReadOnlyList<LogLine>>? Filter { get; init; }

    /// <summary>Is handed each batch of lines, in order, as they are written.</summary>
    public Action<IReadOnlyList<LogLine>>? Output { get; init; }
}

/// <summary>A container that can't be started; the message is for the person who asked for it.</summary>
internal sealed class ContainerStartException(string message, Exception? inner = null) : Exception(message, inner);
