using System.CommandLine;
using System.Globalization;
using Slipway.Aws.Client;
using Slipway.Workflow;
using Slipway.Workflow.DataSets;
using Slipway.Workflow.Ingest;
using Spectre.Console;

namespace Slipway.Cli;

/// <summary><c>slipway ingest</c>: a CSV into S3 and the Feature Store.</summary>
internal static class IngestVerb
{
    private const int MostFaultsShown = 20;

    public static Command Verb()
    {
        var csv = new Option<string>("--csv") { Description = "The CSV to load", Required = true };
        var specification = Options.Specification();
        var group = new Option<string?>("--feature-group") { Description = "The feature group (default: FEATURE_GROUP_NAME, else the specification's)" };
        var eventTime = new Option<string?>("--event-time") { Description = "The event time of rows that have none, ISO 8601 (default: the first load of their content)" };
        var skip = new Option<bool>("--skip-bad-rows") { Description = "Load the good rows, and keep the bad ones in CSV.bad-rows.csv" };
        var bulk = new Option<bool>("--bulk") { Description = "Write the offline store's files directly, and put only each identifier's newest record online" };
        var offlineOnly = new Option<bool>("--offline-only") { Description = "With --bulk: leave the online store as it is, for data that is only trained on" };
        var verb = new Verb(
            "ingest", "Load a CSV into S3 and the Feature Store, in DATA_BUCKET, as SM_EXEC_ROLE_ARN. Loading twice loads nothing twice.",
            "ingest --csv ad_click_dataset.csv", "ingest --csv churn.csv --specification churn.yaml --skip-bad-rows",
            "ingest --csv big.csv --bulk --event-time 2026-01-31T00:00:00Z")
        {
            csv, specification, group, eventTime, skip, bulk, offlineOnly,
        };
        verb.SetAction(async (parsed, cancellation) =>
        {
            if (parsed.GetValue(offlineOnly) && !parsed.GetValue(bulk))
            {
                throw new BadInputException("--offline-only goes with --bulk, which writes the offline store's files itself.");
            }

            var data = Options.Load(parsed.GetValue(specification));
            var names = ProjectNames.FromEnvironment(data);
            var options = new IngestOptions
            {
                CsvPath = Options.Existing("--csv", parsed.GetValue(csv)!),
                Specification = data,
                Bucket = names.RequireBucket(),
                RoleArn = names.RequireRole(),
                KmsKeyArn = names.KmsKey,
                FeatureGroupName = parsed.GetValue(group) ?? names.FeatureGroup,
                EventTime = Time(parsed.GetValue(eventTime), data),
                SkipBadRows = parsed.GetValue(skip),
                Bulk = parsed.GetValue(bulk),
                OfflineOnly = parsed.GetValue(offlineOnly),
            };
            return await Run(options, cancellation);
        });
        return verb;
    }

    private static async Task<int> Run(IngestOptions options, CancellationToken cancellation)
    {
        using var session = AwsEnvironment.Session();
        try
        {
            var result = await Terminal.Console.Progress()
                .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn())
                .StartAsync(context => Ingest.Run(session, options, new Bars(context), TimeProvider.System, cancellation));
            Show(result);
            return ExitCode.Done;
        }
        catch (IngestException e)
        {
            foreach (var fault in e.Errors.Take(MostFaultsShown))
            {
                await Console.Error.WriteLineAsync(fault.ToString());
            }

            if (e.BadRows > MostFaultsShown)
            {
                await Console.Error.WriteLineAsync($"… {e.BadRows:N0} bad rows in all.");
            }

            throw new BadInputException(e.Message, e);
        }
    }

    private static void Show(IngestResult result)
    {
        Console.WriteLine($"{result.CsvUri}{(result.LeftOut.Count > 0 ? $", without the personal data in {string.Join(", ", result.LeftOut)}" : "")}");
        Console.WriteLine($"{result.FeatureGroupName}: {result.RowsNew:N0} records new, {result.RowsThere:N0} already there{(result.EventTime is { } time ? $", event time {EventTimes.Format(time)}" : "")}");
        if (result.BadRowsPath is { } bad)
        {
            Console.WriteLine($"{result.RowsBad:N0} bad {(result.RowsBad == 1 ? "row is" : "rows are")} kept in {bad}");
        }

        Console.WriteLine($"{result.RowsRead:N0} rows read in {result.Duration.TotalSeconds:N1} s, {result.RowsPerSecond:N0} rows/s: "
            + $"checked in {result.Checking.TotalSeconds:N1} s, loaded in {result.Loading.TotalSeconds:N1} s");
    }

    private static DateTimeOffset? Time(string? text, DataSetSpecification data)
    {
        if (text is null)
        {
            return null;
        }

        if (!data.EventTime.IsLoadTime)
        {
            throw new BadInputException($"--event-time: the specification takes the event time from the CSV's column '{data.CsvColumn(data.EventTime.Column)}'.");
        }

        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            ? time
            : throw new BadInputException($"--event-time {text} is not a time; write it as 2026-01-31T23:59:59Z.");
    }

    /// <summary>A bar for each phase of a load.</summary>
    private sealed class Bars(ProgressContext context) : IProgress<IngestProgress>
    {
        private readonly Dictionary<string, ProgressTask> _bars = [];
        private readonly Lock _lock = new();

        public void Report(IngestProgress value)
        {
            lock (_lock)
            {
                if (!_bars.TryGetValue(value.Phase, out var bar))
                {
                    _bars[value.Phase] = bar = context.AddTask(value.Phase);
                }

                bar.IsIndeterminate = value.Total == 0;
                bar.MaxValue = Math.Max(1, value.Total);
                bar.Value = Math.Max(bar.Value, value.Total == 0 ? 0 : value.Done);
                bar.Description = $"{value.Phase} {value.Done:N0}";
            }
        }
    }
}
