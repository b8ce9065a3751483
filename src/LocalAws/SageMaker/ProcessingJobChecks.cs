using Slipway.Aws.SageMaker;
using Slipway.Aws.Wire;
using Slipway.LocalAws.S3;

namespace Slipway.LocalAws.SageMaker;

/// <summary>What a processing job may ask for here.</summary>
internal static class ProcessingJobChecks
{
    private const string Root = "/opt/ml/processing";

    /// <exception cref="AwsException">ValidationException, or NotImplemented for what local AWS does not have.</exception>
    public static void Check(CreateProcessingJob request)
    {
        RefuseUnsupported(request);
        var names = (request.ProcessingInputs ?? []).Select(i => i.InputName).Concat((request.ProcessingOutputConfig?.Outputs ?? []).Select(o => o.OutputName));
        if (names.GroupBy(n => n).FirstOrDefault(g => g.Count() > 1) is { } doubled)
        {
            throw AwsErrors.Validation($"The name {doubled.Key} is used by more than one input or output.");
        }

        foreach (var input in request.ProcessingInputs ?? [])
        {
            CheckInput(input);
        }

        foreach (var output in request.ProcessingOutputConfig?.Outputs ?? [])
        {
            CheckOutput(output);
        }
    }

    /// <summary>Refuses what local AWS does not have; what a request does not say yet is no reason.</summary>
    /// <exception cref="AwsException">NotImplemented.</exception>
    public static void RefuseUnsupported(CreateProcessingJob request)
    {
        foreach (var input in request.ProcessingInputs ?? [])
        {
            Refuse(input.AppManaged == true, "ProcessingInputs.AppManaged");
            Refuse(input.S3Input?.S3InputMode == "Pipe", "ProcessingInputs.S3Input.S3InputMode Pipe");
            Refuse(input.S3Input?.S3CompressionType == "Gzip", "ProcessingInputs.S3Input.S3CompressionType Gzip");
        }

        foreach (var output in request.ProcessingOutputConfig?.Outputs ?? [])
        {
            Refuse(output.AppManaged == true, "ProcessingOutputConfig.Outputs.AppManaged");
            Refuse(output.S3Output?.S3UploadMode == "Continuous", "ProcessingOutputConfig.Outputs.S3Output.S3UploadMode Continuous");
        }
    }

    private static void CheckInput(ProcessingInput input)
    {
        if (input.S3Input is null)
        {
            throw AwsErrors.Validation($"The input {input.InputName} has no S3Input.");
        }

        S3Uri.Parse(input.S3Input.S3Uri);
        CheckPath(input.S3Input.LocalPath, input.InputName);
    }

    private static void CheckOutput(ProcessingOutput output)
    {
        if (output.S3Output is null)
        {
            throw AwsErrors.Validation($"The output {output.OutputName} has no S3Output.");
        }

        S3Uri.Parse(output.S3Output.S3Uri);
        CheckPath(output.S3Output.LocalPath, output.OutputName);
    }

    private static void CheckPath(string? path, string name)
    {
        if (path is null || (path != Root && !path.StartsWith(Root + "/", StringComparison.Ordinal)) || path.Split('/').Contains(".."))
        {
            throw AwsErrors.Validation($"The LocalPath '{path}' of {name} must be {Root} or a folder below it.");
        }
    }

    private static void Refuse(bool unsupported, string what)
    {
        if (unsupported)
        {
            throw AwsErrors.NotImplemented("CreateProcessingJob." + what);
        }
    }
}
