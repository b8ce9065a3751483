using Slipway.Aws.CodePipeline;
using Slipway.LocalAws.CodePipeline.Executions;

namespace Slipway.LocalAws.CodePipeline.Actions;

/// <summary>Does what a kind of action does. There is no list to register one in.</summary>
internal interface IActionProvider
{
    /// <summary>Whether it does an action's type.</summary>
    bool Does(ActionTypeId type);

    /// <summary>
    /// Runs an action to its end. After a crash it is called again for the same run, so that it must find what it began, or do
    /// the same once more; it is cancelled where its run is over for another reason, or local AWS ends.
    /// </summary>
    /// <exception cref="ActionFailedException">It failed, and why.</exception>
    Task<ActionResult> Run(ActionRow run, CancellationToken cancellation);
}
