using Slipway.Aws.Iam;
using Slipway.Aws.Logs;
using Slipway.Aws.SageMaker;
using Slipway.Tests.Clients;

namespace Slipway.Tests.Crashes;

/// <summary>Local AWS is killed after a job's containers have ended: the job does not run again, and its outputs are all there.</summary>
public sealed class EndedJobTests
{
    private const int Files = 12;

    // so many changes of the data directory after it was kept that they have: while outputs are uploaded, and once they are
    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(20)]
    [InlineData(40)]
    public async Task A_job_whose_containers_have_ended_goes_on_with_its_outputs(int changes)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "processes are looked up in /proc");
        Assert.SkipUnless(Command.Find("bwrap") is not null, "bubblewrap is not on this machine");
        using var limit = Patience.Token();
        using var up = await KilledUp.Start();
        using var session = new Slipway.Aws.Client.AwsSession(up.Endpoint, new Amazon.Runtime.BasicAWSCredentials("test", "test"), "us-east-1");
        await session.S3.PutBucketAsync("out", limit.Token);
        await session.S3.PutBucketVersioningAsync(new() { BucketName = "out", VersioningConfig = new() { Status = Amazon.S3.VersionStatus.Enabled } }, limit.Token);
        var role = (await session.Aws.Send(new CreateRole("execution", """{"Version":"2012-10-17","Statement":[]}"""), limit.Token)).Role.Arn;
        await session.Aws.Send(
            new CreateProcessingJob(
                "once", new ProcessingResources(new ProcessingClusterConfig(1, "ml.m5.large", 1)),
                new AppSpecification(
                    LocalAwsFixture.CommandImage, ["sh", "-c"],
                    [$"echo began; for i in $(seq {Files}); do cat /proc/sys/kernel/random/uuid > /opt/ml/processing/out/$i; done"]),
                role, ProcessingOutputConfig: new([new("all", new("s3://out/all", "EndOfJob", "/opt/ml/processing/out"))])),
            limit.Token);
        var completed = Completed(session, limit.Token);
        // the job may be over before so many changes
        var jobs = Path.Combine(up.Folder, "data", "jobs", "processing");
        await up.KillAt(new("ended", changes, 0), _ => HasEnded(jobs), limit.Token, [], completed);
        await up.Restart();
        await completed;
        var versions = (await session.S3.ListVersionsAsync("out", limit.Token)).Versions;
        Assert.Equal(Files, versions.Select(v => v.Key).Distinct().Count());
        Assert.All(versions.GroupBy(v => v.Key), v => Assert.Single(v.Select(one => one.ETag).Distinct()));
        Assert.Single((await session.Aws.Send(new DescribeLogStreams(LogGroupName: "/aws/sagemaker/ProcessingJobs"), limit.Token)).LogStreams!);
        await up.CheckEnd();
    }

    private static Task Completed(Slipway.Aws.Client.AwsSession session, CancellationToken cancellation) => Patience.Until(
        () => Persistent.Run(() => session.Aws.Send(new DescribeProcessingJob("once"), cancellation), cancellation), job => job.ProcessingJobStatus == JobStatus.Completed, limit: cancellation);

    private static bool HasEnded(string jobs) => File.Exists(Path.Combine(jobs, "once", "ended.json")) || File.Exists(Path.Combine(jobs, "once.uploaded"));
}
