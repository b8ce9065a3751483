using System.Collections.Concurrent;
using System.Reflection;

namespace Slipway.Aws.Wire;

/// <summary>A member of a record of the wire: what the constructor's parameter and its attributes say of it.</summary>
/// <param name="Name">Its name in C#, which is AWS's.</param>
/// <param name="Type">Its type.</param>
/// <param name="Required">Whether AWS requires it: a constructor parameter that can't be null and has no default.</param>
/// <param name="Property">Its property.</param>
/// <param name="Source">What carries its attributes.</param>
public sealed record Member(string Name, Type Type, bool Required, PropertyInfo Property, ICustomAttributeProvider Source)
{
    // reflection makes the attributes anew each time it is asked, and every request asks
    private readonly object[] _attributes = Source.GetCustomAttributes(inherit: false);

    private MemberLimits? _limits;
    private MethodInvoker? _get;

    /// <summary>What its attributes limit.</summary>
    internal MemberLimits Limits => _limits ??= new(
        Attribute<LengthAttribute>(), Attribute<RangeAttribute>(), Attribute<PatternAttribute>() is { } pattern ? Wire.Limits.Pattern(pattern.Pattern) : null,
        Attribute<OneOfAttribute>(), Attribute<ErrorsAttribute>());

    /// <summary>Its value in a record.</summary>
    internal object? ValueIn(object record) => (_get ??= MethodInvoker.Create(Property.GetMethod!)).Invoke(record);

    /// <summary>An attribute of the member, or null.</summary>
    public T? Attribute<T>() where T : Attribute
    {
        foreach (var attribute in _attributes)
        {
            if (attribute is T found)
            {
                return found;
            }
        }

        return null;
    }
}

/// <summary>The limits of a member, for each record that is checked.</summary>
internal sealed record MemberLimits(LengthAttribute? Length, RangeAttribute? Range, WholePattern? Pattern, OneOfAttribute? OneOf, ErrorsAttribute? Errors);

/// <summary>The members of the wire's records.</summary>
public static class Members
{
    private static readonly ConcurrentDictionary<Type, IReadOnlyList<Member>> Known = new();

    /// <summary>The members of a record in the order of its declaration.</summary>
    public static IReadOnlyList<Member> Of(Type record) => Known.GetOrAdd(record, Find);

    /// <summary>The type of a list's items, or null where the type is no list.</summary>
    public static Type? ItemOf(Type type)
    {
        ArgumentNullException.ThrowIfNull(type);
        return type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) ? type.GetGenericArguments()[0] : null;
    }

    /// <summary>The type of a map's values, or null where the type is no map.</summary>
    public static Type? ValueOf(Type type)
    {
        ArgumentNullException.ThrowIfNull(type);
        return type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>) ? type.GetGenericArguments()[1] : null;
    }

    /// <summary>Whether a type is a record of the wire, with members of its own.</summary>
    public static bool IsRecord(Type type)
    {
        ArgumentNullException.ThrowIfNull(type);
        return type.Namespace?.StartsWith("Slipway.", StringComparison.Ordinal) == true && type is { IsClass: true };
    }

    private static List<Member> Find(Type record)
    {
        var nullability = new NullabilityInfoContext();
        var parameters = record.GetConstructors().OrderByDescending(c => c.GetParameters().Length).FirstOrDefault()?.GetParameters() ?? [];
        var members = new List<Member>();
        foreach (var property in record.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.SetMethod is not null))
        {
            var parameter = parameters.FirstOrDefault(p => p.Name == property.Name);
            var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
            var required = parameter is { HasDefaultValue: false } && nullability.Create(parameter).WriteState != NullabilityState.Nullable;
            members.Add(new(property.Name, type, required, property, parameter is null ? property : parameter));
        }

        return members;
    }
}
