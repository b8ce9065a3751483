using System.Net;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws;

/// <summary>How a local AWS is set up.</summary>
public sealed record LocalAwsOptions
{
    /// <summary>The folder of everything it keeps: the database, objects, jobs.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>The address to listen on; loopback unless told otherwise.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>The port to listen on; 0 takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>
    /// A file of credentials, in the form of the AWS command line's; every request must then be signed by one of them, or by
    /// one that AssumeRole gave. Null: any credentials are taken.
    /// </summary>
    public string? RequireAuth { get; init; }

    /// <summary>How long the headers of a request may take.</summary>
    public TimeSpan HeadersTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How long a body may come more slowly than 240 bytes a second; at least a second.</summary>
    public TimeSpan SlowBodyGrace { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The one account, twelve digits.</summary>
    public string AccountId { get; init; } = "000000000000";

    /// <summary>The region of what has no signature to name one.</summary>
    public string Region { get; init; } = "us-east-1";

    /// <summary>Where time comes from.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The worker that the platform's own image stands for; by default the one beside this program.</summary>
    public string Worker { get; init; } = Path.Combine(AppContext.BaseDirectory, "slipway-worker");

    /// <summary>A YAML file that says which images run as which commands, or null.</summary>
    public string? ImageMap { get; init; }

    /// <summary>A YAML file with the account's quotas of the instances that jobs hold at once, or null for SageMaker's of 20 for each kind of job.</summary>
    public string? Quotas { get; init; }

    /// <summary>The bubblewrap program that gives a job an /opt/ml of its own, found on the PATH; null does without.</summary>
    public string? Bubblewrap { get; init; } = "bwrap";

    /// <summary>The folder of the mail that SNS has sent, a file for each (RFC 5322).</summary>
    public string Inbox => Folder("inbox");

    /// <summary>Local AWS itself, where one of its services asks another in a region.</summary>
    internal Caller Caller(string region) => new(AccountId, region, "", Guid.NewGuid().ToString());

    /// <summary>The full path of a folder in the data directory.</summary>
    internal string Folder(string name) => Path.GetFullPath(Path.Combine(DataDirectory, name));
}
