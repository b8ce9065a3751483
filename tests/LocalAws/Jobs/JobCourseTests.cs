using Slipway.LocalAws;
using Slipway.LocalAws.Jobs;

namespace Slipway.Tests.LocalAws.Jobs;

/// <summary>What a start finds of a job, at whichever of its steps the one before was killed.</summary>
public sealed class JobCourseTests : IDisposable
{
    private readonly string _data = Directory.CreateTempSubdirectory("slipway-course-").FullName;

    private LocalAwsOptions Options => new() { DataDirectory = _data };

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public async Task A_job_that_has_failed_does_not_run_again_where_local_AWS_is_killed_before_it_says_so()
    {
        var failed = new EndedJob(new(0, 7, "its last lines", TimedOut: false, Stopped: false), "its reason", []);
        await Assert.ThrowsAsync<TimeoutException>(() => Run(failed, () => throw new TimeoutException("killed here")));
        var found = new JobFolder(Options, "training", "job", 1);
        Assert.True(JobFolder.HasEnded(Options, "training", "job"));
        Assert.Equal((failed.End, failed.Message, true), (found.Ended?.End, found.Ended?.Message, found.IsUploaded));
        Assert.False(Directory.Exists(found.Scratch("")), "its folder is not needed");

        // and once it has said so, another job may have its name
        await JobCourse.Run(found, () => Task.FromResult<Action>(() => { }), _ => { });
        Assert.Null(new JobFolder(Options, "training", "job", 1).Ended);
    }

    [Fact]
    public async Task A_job_whose_outputs_could_not_be_uploaded_has_not_uploaded_them()
    {
        var ended = new EndedJob(new(null, 0, "", TimedOut: false, Stopped: false), null, []);
        var reason = "";
        var folder = new JobFolder(Options, "training", "job", 1);
        await JobCourse.Run(folder, () =>
        {
            folder.Keep(ended);
            throw new JobInputException("Data upload failed: no bucket");
        }, why => reason = why);
        Assert.Equal("ClientError: Data upload failed: no bucket", reason);
        Assert.False(JobFolder.HasEnded(Options, "training", "job"));
    }

    private Task Run(EndedJob ended, Action end)
    {
        var folder = new JobFolder(Options, "training", "job", 1);
        folder.Keep(ended);
        return JobCourse.Run(folder, () => Task.FromResult(end), _ => Assert.Fail("it can be run"));
    }
}
