using Slipway.Steps.StepHost;

return await Host.RunAsync(args, StepEnvironment.OfThisProcess());
