using Microsoft.Extensions.Time.Testing;
using Slipway.Aws.SageMaker;
using Slipway.LocalAws;
using Slipway.LocalAws.Jobs;
using Slipway.LocalAws.SageMaker;

namespace Slipway.Tests.LocalAws.SageMaker;

public sealed class TrainingStatesTests : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("slipway-training-").FullName;
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
    private readonly Parts _parts;

    public TrainingStatesTests() => _parts = new(new LocalAwsOptions { DataDirectory = _folder, Time = _time }, _time);

    public async ValueTask DisposeAsync()
    {
        await _parts.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Who_stops_a_job_in_the_moment_of_its_creation_has_it_stopped()
    {
        var (states, runs) = (_parts.Get<TrainingStates>(), _parts.Get<TrainingRuns>());
        var job = Job();
        Assert.True(states.Table.Insert(job));
        // the request to stop comes between the job's commit and its start
        runs.Stop(job.TrainingJobName);
        runs.Start(job);
        await _parts.Get<RunningJobs>().Over(job.TrainingJobArn).WaitAsync(Patience.Limit, TestContext.Current.CancellationToken);
        var end = states.Table.Find(job.TrainingJobName)!;
        Assert.Equal((JobStatus.Stopped, "Stopped", null), (end.TrainingJobStatus, end.SecondaryStatus, end.FailureReason));
    }

    [Fact]
    public void The_attempts_of_a_job_share_the_time_that_it_may_run()
    {
        var states = _parts.Get<TrainingStates>();
        var job = Job();
        Assert.True(states.Table.Insert(job));
        states.Advance(job, "Training", "in progress");
        Assert.Equal(100, states.Runtime(job));

        _time.Advance(TimeSpan.FromSeconds(60));
        Assert.True(states.Fail(job, "InternalServerError: it broke"));
        Assert.Equal(40, states.Runtime(job));

        _time.Advance(TimeSpan.FromSeconds(60));
        Assert.True(states.Fail(job, "InternalServerError: it broke"));
        Assert.Equal(1, states.Runtime(job));
        Assert.False(states.Fail(job, "InternalServerError: it broke"));
        var failed = states.Table.Find("job")!;
        Assert.Equal((JobStatus.Failed, "InternalServerError: it broke"), (failed.TrainingJobStatus, failed.FailureReason));
    }

    private DescribeTrainingJob.Response Job() => new(
        "job", "arn:aws:sagemaker:us-east-1:000000000000:training-job/job", JobStatus.InProgress, TrainingStates.Starting, _time.GetUtcNow(), new("s3://b/m"),
        new("File", "image"), new("ml.m5.large", 1, 1), new(MaxRuntimeInSeconds: 100), "role", new("s3://b"),
        [new(TrainingStates.Starting, _time.GetUtcNow())], RetryStrategy: new(2));
}
