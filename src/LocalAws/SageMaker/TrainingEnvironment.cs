using System.Text.Json.Nodes;
using Slipway.Aws.SageMaker;
using Slipway.LocalAws.Jobs;

namespace Slipway.LocalAws.SageMaker;

/// <summary>What a training container finds: https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-training-algo-running-container.html</summary>
internal static class TrainingEnvironment
{
    /// <summary>Writes the configuration of an instance and makes its folders.</summary>
    public static void Write(DescribeTrainingJob.Response job, JobFolder folder, int instance)
    {
        folder.Write(instance, "input/config/hyperparameters.json", HyperParameters(job));
        folder.Write(instance, "input/config/inputdataconfig.json", Channels(job));
        folder.Write(instance, "input/config/resourceconfig.json", Resources(job, folder, instance));
        if (job.CheckpointConfig is { } checkpoints)
        {
            folder.Write(instance, "input/config/checkpointconfig.json", JobFolder.Json(checkpoints with { LocalPath = Checkpoints.LocalPath(checkpoints) })!);
        }

        folder.Make(instance, "model");
        folder.Make(instance, "output/data");
        foreach (var channel in job.InputDataConfig ?? [])
        {
            folder.Make(instance, "input/data/" + channel.ChannelName);
        }
    }

    /// <summary>The variables that SageMaker and its training toolkit set.</summary>
    public static Dictionary<string, string> Variables(DescribeTrainingJob.Response job, JobFolder folder, int instance)
    {
        var variables = new Dictionary<string, string>
        {
            ["TRAINING_JOB_NAME"] = job.TrainingJobName,
            ["TRAINING_JOB_ARN"] = job.TrainingJobArn,
            ["SM_MODEL_DIR"] = "/opt/ml/model",
            ["SM_INPUT_DIR"] = "/opt/ml/input",
            ["SM_INPUT_CONFIG_DIR"] = "/opt/ml/input/config",
            ["SM_OUTPUT_DIR"] = "/opt/ml/output",
            ["SM_OUTPUT_DATA_DIR"] = "/opt/ml/output/data",
            ["SM_HPS"] = HyperParameters(job).ToJsonString(),
            ["SM_INPUT_DATA_CONFIG"] = Channels(job).ToJsonString(),
            ["SM_RESOURCE_CONFIG"] = Resources(job, folder, instance).ToJsonString(),
            ["SM_CHANNELS"] = JobFolder.Json((job.InputDataConfig ?? []).Select(c => c.ChannelName))!.ToJsonString(),
            ["SM_HOSTS"] = JobFolder.Json(folder.Hosts)!.ToJsonString(),
            ["SM_CURRENT_HOST"] = folder.Hosts[instance],
            ["SM_NUM_CPUS"] = Environment.ProcessorCount.ToString(),
            ["SM_NUM_GPUS"] = "0",
        };
        foreach (var channel in job.InputDataConfig ?? [])
        {
            variables["SM_CHANNEL_" + Name(channel.ChannelName)] = "/opt/ml/input/data/" + channel.ChannelName;
        }

        foreach (var (name, value) in job.HyperParameters ?? new Dictionary<string, string>())
        {
            variables["SM_HP_" + Name(name)] = value;
        }

        foreach (var (name, value) in job.Environment ?? new Dictionary<string, string>())
        {
            variables[name] = value;
        }

        return variables;
    }

    private static string Name(string text) => text.ToUpperInvariant().Replace('-', '_').Replace('.', '_');

    private static JsonNode HyperParameters(DescribeTrainingJob.Response job) => JobFolder.Json(job.HyperParameters ?? new Dictionary<string, string>())!;

    private static JsonObject Channels(DescribeTrainingJob.Response job)
    {
        var channels = new JsonObject();
        foreach (var channel in job.InputDataConfig ?? [])
        {
            var settings = new JsonObject
            {
                ["TrainingInputMode"] = channel.InputMode ?? job.AlgorithmSpecification.TrainingInputMode,
                ["S3DistributionType"] = channel.DataSource.S3DataSource!.S3DataDistributionType ?? "FullyReplicated",
                ["RecordWrapperType"] = channel.RecordWrapperType ?? "None",
            };
            if (channel.ContentType is { } type)
            {
                settings["ContentType"] = type;
            }

            channels[channel.ChannelName] = settings;
        }

        return channels;
    }

    private static JsonObject Resources(DescribeTrainingJob.Response job, JobFolder folder, int instance)
    {
        const string group = "homogeneousCluster";
        return new()
        {
            ["current_host"] = folder.Hosts[instance],
            ["current_instance_type"] = job.ResourceConfig.InstanceType,
            ["current_group_name"] = group,
            ["hosts"] = JobFolder.Json(folder.Hosts),
            ["instance_groups"] = new JsonArray(new JsonObject
            {
                ["instance_group_name"] = group, ["instance_type"] = job.ResourceConfig.InstanceType, ["hosts"] = JobFolder.Json(folder.Hosts),
            }),
            ["network_interface_name"] = "lo",
        };
    }
}
