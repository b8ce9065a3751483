using System.CommandLine;
using Slipway.Aws.Client;
using Slipway.Aws.Logs;
using Slipway.Aws.Wire;
using Slipway.Workflow;

namespace Slipway.Cli;

/// <summary><c>slipway logs</c>: what a job or an endpoint printed, from CloudWatch Logs.</summary>
internal static class Logs
{
    private static readonly string[] Groups =
        ["/aws/sagemaker/TrainingJobs", "/aws/sagemaker/ProcessingJobs"];

    public static Command Verb()
    {
        var job = new Argument<string>("job") { Description = "The name of a training job, a processing job or an endpoint" };
        var follow = new Option<bool>("--follow", "-f") { Description = "Go on with new lines until Ctrl-C" };
        var verb = new Verb("logs", "Print the log of a job or an endpoint.",
            "logs pipelines-4f1x-Train-9c", "logs ad-click-prediction-endpoint --follow")
        {
            job, follow,
        };
        verb.SetAction(async (parsed, cancellation) =>
        {
            using var session = new AwsSession();
            await Print(session.Aws, parsed.GetValue(job)!, parsed.GetValue(follow), cancellation);
            return ExitCode.Done;
        });
        return verb;
    }

    private static async Task Print(AwsClient aws, string job, bool follow, CancellationToken cancellation)
    {
        var streams = await Streams(aws, job, cancellation);
        if (streams.Count == 0 && !follow)
        {
            throw new BadInputException($"There is no log of {job}: neither a job nor an endpoint of this name has printed anything.");
        }

        var tokens = new Dictionary<(string, string), string?>();
        while (true)
        {
            var news = false;
            foreach (var stream in streams)
            {
                news |= await PrintNew(aws, stream, tokens, cancellation);
            }

            if (!follow)
            {
                return;
            }

            if (!news)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(500), TimeProvider.System, cancellation);
            }

            streams = await Streams(aws, job, cancellation);
        }
    }

    /// <summary>Prints what a stream has beyond the token of the last look; the same token comes back at the end.</summary>
    private static async Task<bool> PrintNew(
        AwsClient aws, (string Group, string Stream) stream, Dictionary<(string, string), string?> tokens, CancellationToken cancellation)
    {
        var news = false;
        while (true)
        {
            var last = tokens.GetValueOrDefault(stream);
            var page = await aws.Send(new GetLogEvents(stream.Stream, LogGroupName: stream.Group, NextToken: last, StartFromHead: true), cancellation);
            foreach (var line in page.Events ?? [])
            {
                Console.WriteLine(line.Message);
                news = true;
            }

            tokens[stream] = page.NextForwardToken;
            if (page.NextForwardToken == last)
            {
                return news;
            }
        }
    }

    private static async Task<List<(string Group, string Stream)>> Streams(AwsClient aws, string job, CancellationToken cancellation)
    {
        var found = new List<(string, string)>();
        foreach (var (group, prefix) in Groups.Select(g => (g, (string?)(job + "/"))).Append(($"/aws/sagemaker/Endpoints/{job}", null)))
        {
            try
            {
                string? token = null;
                do
                {
                    var page = await aws.Send(new DescribeLogStreams(LogGroupName: group, LogStreamNamePrefix: prefix, NextToken: token), cancellation);
                    found.AddRange((page.LogStreams ?? []).Select(s => (group, s.LogStreamName!)));
                    token = page.NextToken;
                }
                while (token is not null);
            }
            catch (AwsException e) when (e.Code == "ResourceNotFoundException")
            {
                // a group appears with the first job of its kind
                continue;
            }
        }

        return found;
    }
}
