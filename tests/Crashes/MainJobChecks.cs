using System.Security.Cryptography;
using DuckDB.NET.Data;
using Slipway.Aws.SageMaker;
using Slipway.Workflow.Pipelines;
using Slipway.Workflow.Release;

namespace Slipway.Tests.Crashes;

/// <summary>What must be there once after the main job, however often local AWS was killed in it.</summary>
internal sealed class MainJobChecks(MainJob job)
{
    public async Task Check(EndedExecution execution)
    {
        Assert.True(execution.Status == "Succeeded", $"{execution.Status}: {execution.Reason}");
        await CheckExecution(execution);
        await CheckVersion(execution);
        await CheckObjects();
        await CheckOfflineStore();
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
        var place = new Uri(group.OfflineStoreConfig!.S3StorageConfig.ResolvedOutputS3Uri!);
        var folder = Directory.CreateTempSubdirectory("slipway-offline-").FullName;
        try
        {
            await foreach (var listed in job.Session.S3.Paginators.ListObjectsV2(new() { BucketName = place.Host, Prefix = place.AbsolutePath.Trim('/') + "/" }).S3Objects)
            {
                using var found = await job.Session.S3.GetObjectAsync(place.Host, listed.Key);
                await found.WriteResponseStreamToFileAsync(Path.Combine(folder, Path.GetFileName(listed.Key)), false, CancellationToken.None);
            }

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
