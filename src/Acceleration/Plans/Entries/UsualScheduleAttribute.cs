namespace Acceleration;

/// <summary>The schedule that goes with a solver: behind the solver, its tag needs no prefix.</summary>
/// <param name="type">A type of <see cref="IGrid"/> whose first parameter is a number without a key.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class UsualScheduleAttribute(Type type) : Attribute
{
    /// <summary>The type of schedule.</summary>
    public Type Type { get; } = type;
}
