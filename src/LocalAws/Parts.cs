using System.Reflection;

namespace Slipway.LocalAws;

/// <summary>A part that goes on, after a start, with what was under way when the process ended.</summary>
internal interface IResume
{
    /// <summary>The parts with a lower number go first: what starts new work comes after what looks for old.</summary>
    int Turn => 0;

    Task Resume(CancellationToken cancellation);
}

/// <summary>
/// The one instance of each class of local AWS, made with its constructor's parameters when it is first asked for.
/// There is no list to register a class in.
/// </summary>
internal sealed class Parts : IAsyncDisposable
{
    private readonly Dictionary<Type, object> _parts = [];
    private readonly List<object> _made = [];
    private readonly Lock _lock = new();

    public Parts(params IEnumerable<object> given)
    {
        _parts[typeof(Parts)] = this;
        foreach (var part in given)
        {
            _parts[part is TimeProvider ? typeof(TimeProvider) : part.GetType()] = part;
        }
    }

    /// <summary>The types of local AWS that a part can be.</summary>
    public static IReadOnlyList<Type> Types { get; } =
        [.. typeof(Parts).Assembly.GetTypes().Where(t => t is { IsClass: true, IsAbstract: false, IsGenericTypeDefinition: false })];

    public T Get<T>() where T : class => (T)Get(typeof(T));

    public object Get(Type type)
    {
        lock (_lock)
        {
            if (_parts.TryGetValue(type, out var part))
            {
                return part;
            }

            if (type.Assembly != typeof(Parts).Assembly)
            {
                throw new InvalidOperationException($"{type} is no part of local AWS");
            }

            var constructor = type.GetConstructors(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance).Single();
            part = constructor.Invoke(BindingFlags.DoNotWrapExceptions, null, [.. constructor.GetParameters().Select(p => Get(p.ParameterType))], null);
            _parts[type] = part;
            _made.Add(part);
            return part;
        }
    }

    public async Task Resume(CancellationToken cancellation)
    {
        foreach (var part in Types.Where(t => t.IsAssignableTo(typeof(IResume))).Select(t => (IResume)Get(t)).OrderBy(p => p.Turn).ToList())
        {
            await part.Resume(cancellation);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var part in Enumerable.Reverse(_made))
        {
            if (part is IAsyncDisposable later)
            {
                await later.DisposeAsync();
            }
            else
            {
                (part as IDisposable)?.Dispose();
            }
        }
    }
}
