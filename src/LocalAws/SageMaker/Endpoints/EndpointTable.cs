using Slipway.Aws.SageMaker;
using Slipway.LocalAws.Storage;

namespace Slipway.LocalAws.SageMaker.Endpoints;

/// <summary>The endpoints' states: each change is durable, then told to who waits.</summary>
internal sealed class EndpointTable(LocalAwsOptions options, Database database, Tags tags, Changes changes)
{
    private readonly Table<EndpointState> _endpoints = new(database, "endpoint", e => e.Name);

    public List<EndpointState> All() => _endpoints.All();

    public EndpointState? Find(string name) => _endpoints.Find(name);

    /// <summary>Adds an endpoint; false where its name is taken.</summary>
    public bool Insert(EndpointState state, IReadOnlyList<Tag>? initial)
    {
        var added = database.Write(_ =>
        {
            if (!_endpoints.Insert(state))
            {
                return false;
            }

            tags.Create(state.Arn, initial);
            return true;
        });
        changes.Signal(state.Arn);
        return added;
    }

    /// <summary>Moves an endpoint to another state.</summary>
    public void Move(string name, EndpointStatus status, string? reason, Func<EndpointState, EndpointState>? also = null)
    {
        var moved = _endpoints.Change(name, s => (also is null ? s : also(s)).MoveTo(status, options.Time.GetUtcNow(), reason))!;
        changes.Signal(moved.Arn);
    }

    public void Remove(EndpointState state)
    {
        database.Write(_ =>
        {
            _endpoints.Delete(state.Name);
            tags.Forget(state.Arn);
        });
        changes.Signal(state.Arn);
    }
}
