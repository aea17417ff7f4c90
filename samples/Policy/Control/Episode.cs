namespace Acceleration.Policy;

/// <summary>One try in one scene.</summary>
/// <param name="Scene">The scene.</param>
/// <param name="Seed">Of the noise that its plans begin with: the same whatever the solver and strategies, so that settings are compared on equal terms.</param>
internal readonly record struct Episode(Scene Scene, int Seed)
{
    private const int MostPlans = 1000;

    /// <summary>The seed of a plan.</summary>
    public long PlanSeed(int plan) => ((long)Seed * MostPlans) + plan;
}
