using System.Security.Cryptography;
using Amazon.Runtime;
using DuckDB.NET.Data;
using Slipway.Aws.Client;
using Slipway.Aws.SageMaker;
using Slipway.Tests.EndToEnd;
using Slipway.Tests.LocalAws.FeatureStore;
using Slipway.Workflow.Pipelines;
using Slipway.Workflow.Release;

namespace Slipway.Tests.Crashes;

/// <summary>What must be there once after the main job, however often local AWS was killed in it.</summary>
internal sealed class MainJobChecks(MainJob job)
{
    private DescribeModelPackage.Response? _registered;

    public async Task Check(EndedExecution execution)
    {
        Assert.True(execution.Status == "Succeeded", $"{execution.Status}: {execution.Reason}");
        await CheckExecution(execution);
        await CheckVersion(execution);
        await CheckObjects();
        await CheckOfflineStore();
    }

    /// <summary>After a kill: no more than one version is registered, and once one is, it stays the same.</summary>
    public async Task CheckVersionsSoFar()
    {
        if (await Registered(job.Session) is { } found)
        {
            _registered ??= found;
            Assert.Equal((_registered.ModelPackageArn, _registered.CreationTime), (found.ModelPackageArn, found.CreationTime));
        }
        else
        {
            Assert.Null(_registered);
        }
    }

    /// <summary>A copy of the data of a kill, started without its client: the execution ends by itself, with one version registered.</summary>
    public async Task CheckApart(string data, string execution, CancellationToken cancellation)
    {
        using var up = await LaunchedUp.Start(data, port: 0);
        using var session = new AwsSession(up.Endpoint, new BasicAWSCredentials("test", "test"), "us-east-1");
        var found = await Patience.Until(
            () => session.Aws.Send(new DescribePipelineExecution(execution), cancellation), e => e.PipelineExecutionStatus != PipelineExecutionStatus.Executing, limit: cancellation);
        Assert.True(found.PipelineExecutionStatus == PipelineExecutionStatus.Succeeded, $"{found.PipelineExecutionStatus}: {found.FailureReason}");
        Assert.NotNull(await Registered(session));
        Assert.Equal(0, await up.Interrupt());
    }

    private async Task<DescribeModelPackage.Response?> Registered(AwsSession session)
    {
        try
        {
            var versions = await new ModelVersions(session, job.Names.ModelPackageGroup).List();
            return versions.Count == 0 ? null : await session.Aws.Send(new DescribeModelPackage(Assert.Single(versions).ModelPackageArn));
        }
        catch (Slipway.Aws.Wire.AwsException e) when (e.Code == "ValidationException")
        {
            // the group is not made yet
            return null;
        }
    }

    private async Task CheckExecution(EndedExecution execution)
    {
        var aws = job.Session.Aws;
        var all = (await aws.Send(new ListPipelineExecutions(job.Names.Pipeline))).PipelineExecutionSummaries;
        Assert.Equal(execution.Arn, Assert.Single(all).PipelineExecutionArn);
        Assert.All(execution.Steps, step => Assert.Equal("Succeeded", step.Status));
        Assert.Equal(execution.Steps.Count, execution.Steps.Select(s => s.Name).Distinct().Count());
        var processing = (await aws.Send(new ListProcessingJobs(MaxResults: 100))).ProcessingJobSummaries;
        Assert.Equal(4, processing.Count);
        Assert.All(processing, j => Assert.Equal(JobStatus.Completed, j.ProcessingJobStatus));
        Assert.Equal(JobStatus.Completed, Assert.Single((await aws.Send(new ListTrainingJobs(MaxResults: 100))).TrainingJobSummaries).TrainingJobStatus);
    }

    private async Task CheckVersion(EndedExecution execution)
    {
        var version = Assert.Single(await new ModelVersions(job.Session, job.Names.ModelPackageGroup).List());
        Assert.Equal((execution.ModelPackageArn, 1), (version.ModelPackageArn, version.ModelPackageVersion));
    }

    /// <summary>Every object of every bucket is as long as it says, and its bytes have its MD5.</summary>
    private async Task CheckObjects()
    {
        foreach (var bucket in (await job.Session.S3.ListBucketsAsync()).Buckets)
        {
            await foreach (var listed in job.Session.S3.Paginators.ListObjectsV2(new() { BucketName = bucket.BucketName }).S3Objects)
            {
                using var found = await job.Session.S3.GetObjectAsync(bucket.BucketName, listed.Key);
                using var content = new MemoryStream();
                await found.ResponseStream.CopyToAsync(content);
                Assert.Equal(listed.Size, content.Length);
                Assert.Equal(listed.ETag.Trim('"'), Convert.ToHexStringLower(MD5.HashData(content.ToArray())));
            }
        }
    }

    /// <summary>Each row of the CSV is in the offline store, once.</summary>
    private async Task CheckOfflineStore()
    {
        var group = await job.Session.Aws.Send(new DescribeFeatureGroup(job.Names.FeatureGroup));
        var folder = Directory.CreateTempSubdirectory("slipway-offline-").FullName;
        try
        {
            await OfflineRows.Download(job.Session, job.Names.FeatureGroup, folder);
            var features = string.Join(", ", group.FeatureDefinitions.Select(f => $"\"{f.FeatureName}\""));
            Assert.Equal((MainJob.Rows, MainJob.Rows), Count($"SELECT count(*), count(DISTINCT ({features})) FROM '{folder}/*.parquet'"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static (long, long) Count(string sql)
    {
        using var duckdb = new DuckDBConnection("DataSource=:memory:");
        duckdb.Open();
        using var command = duckdb.CreateCommand();
        command.CommandText = sql;
        using var row = command.ExecuteReader();
        row.Read();
        return (row.GetInt64(0), row.GetInt64(1));
    }
}
