using System.CommandLine;
using System.Runtime.CompilerServices;
using Slipway.Aws.Client;
using Slipway.Aws.Logs;
using Slipway.Aws.SageMaker;
using Slipway.Aws.Wire;
using Slipway.Workflow;

namespace Slipway.Cli;

/// <summary><c>slipway logs</c>: what a job or an endpoint printed, from CloudWatch Logs.</summary>
internal static class LogsVerb
{
    private static readonly string[] Groups =
        ["/aws/sagemaker/TrainingJobs", "/aws/sagemaker/ProcessingJobs"];

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    public static Command Verb()
    {
        var job = new Argument<string>("job") { Description = "The name of a training job, a processing job or an endpoint" };
        var follow = new Option<bool>("--follow", "-f") { Description = "Go on with new lines until the job has ended, or Ctrl-C; a job that is not there yet is waited for" };
        var verb = new Verb("logs", "Print the log of a job or an endpoint.",
            "logs pipelines-4f1x-Train-9c", "logs ad-click-prediction-endpoint --follow")
        {
            job, follow,
        };
        verb.SetAction(async (parsed, cancellation) =>
        {
            using var session = AwsEnvironment.Session();
            var name = parsed.GetValue(job)!;
            await (parsed.GetValue(follow) ? Follow(session.Aws, name, cancellation) : Print(session.Aws, name, cancellation));
            return ExitCode.Done;
        });
        return verb;
    }

    private static async Task Print(AwsClient aws, string job, CancellationToken cancellation)
    {
        var streams = await Streams(aws, job, cancellation);
        if (streams.Count == 0)
        {
            throw new BadInputException($"There is no log of {job}: neither a job nor an endpoint of this name has printed anything.");
        }

        await PrintNew(aws, streams, [], cancellation);
    }

    private static async Task Follow(AwsClient aws, string job, CancellationToken cancellation)
    {
        var tokens = new Dictionary<(string, string), string?>();
        if (await Status(aws, job, cancellation) is null)
        {
            Console.Error.WriteLine($"slipway: there is no job or endpoint {job} yet; waiting for it until Ctrl-C");
        }

        string? last = null;
        while (true)
        {
            var status = await Status(aws, job, cancellation);
            var news = await PrintNew(aws, await Streams(aws, job, cancellation), tokens, cancellation);
            // CloudWatch Logs may take a moment for what a job wrote last, so there is one more look after its end
            if (last is not null && (status is null || (status == last && status is "Completed" or "Failed" or "Stopped")))
            {
                Console.Error.WriteLine($"slipway: {job} is {status ?? "deleted"}");
                return;
            }

            last = status;
            if (!news)
            {
                await Task.Delay(Pause, TimeProvider.System, cancellation);
            }
        }
    }

    /// <summary>The state of a job or an endpoint; null where there is none of this name.</summary>
    private static async Task<string?> Status(AwsClient aws, string job, CancellationToken cancellation) =>
        await Find(async () => (await aws.Send(new DescribeTrainingJob(job), cancellation)).TrainingJobStatus.ToString())
        ?? await Find(async () => (await aws.Send(new DescribeProcessingJob(job), cancellation)).ProcessingJobStatus.ToString())
        ?? await Find(async () => (await aws.Send(new DescribeEndpoint(job), cancellation)).EndpointStatus.ToString());

    private static async Task<string?> Find(Func<Task<string>> describe)
    {
        try
        {
            return await describe();
        }
        catch (AwsException e) when (e.Code is "ValidationException" or "ResourceNotFound")
        {
            return null;
        }
    }

    /// <summary>Prints what the streams have beyond the tokens of the last look, the lines of several in the order of their times.</summary>
    /// <returns>Whether there was anything.</returns>
    private static async Task<bool> PrintNew(
        AwsClient aws, List<(string Group, string Stream)> streams, Dictionary<(string, string), string?> tokens, CancellationToken cancellation)
    {
        var lines = streams.Select(stream => New(aws, stream, tokens, cancellation)).ToList();
        var inOrder = lines.Count == 1 ? lines[0] : lines.ToAsyncEnumerable().SelectMany(stream => stream).OrderBy(line => line.Timestamp);
        var news = false;
        await foreach (var line in inOrder.WithCancellation(cancellation))
        {
            Console.WriteLine(line.Message);
            news = true;
        }

        return news;
    }

    /// <summary>The lines of a stream beyond the token of the last look; the same token comes back at the end.</summary>
    private static async IAsyncEnumerable<OutputLogEvent> New(
        AwsClient aws, (string Group, string Stream) stream, Dictionary<(string, string), string?> tokens, [EnumeratorCancellation] CancellationToken cancellation)
    {
        while (true)
        {
            var last = tokens.GetValueOrDefault(stream);
            var page = await aws.Send(new GetLogEvents(stream.Stream, LogGroupName: stream.Group, NextToken: last, StartFromHead: true), cancellation);
            foreach (var line in page.Events ?? [])
            {
                yield return line;
            }

            tokens[stream] = page.NextForwardToken;
            if (page.NextForwardToken == last)
            {
                yield break;
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
