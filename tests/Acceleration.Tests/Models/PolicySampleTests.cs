using System.Numerics;
using Acceleration.Models;
using Acceleration.Policy;

namespace Acceleration.Tests.Models;

/// <summary>The simulation of the policy sample, and its trained network.</summary>
public sealed class PolicySampleTests : ModelTest
{
    private static readonly string Weights = Path.Combine(AppContext.BaseDirectory, "Fixtures", "weights", "reach-policy.safetensors");

    [Fact]
    public void DemonstrationsArriveOnBothSidesOfTheDisc()
    {
        var sides = new HashSet<bool>();
        for (var seed = 0; seed < 40; seed++)
        {
            var (scene, demonstrator) = (Scene.Of(7), new Demonstrator(Scene.Of(7), seed));
            while (demonstrator.Robot.Outcome == Outcome.Running)
            {
                var action = demonstrator.Step();
                Assert.InRange(Math.Max(Math.Abs(action.X), Math.Abs(action.Y)), 0, 1.001f);
            }

            Assert.Equal(Outcome.Arrived, demonstrator.Robot.Outcome);
            sides.Add(demonstrator.Robot.Path.MinBy(p => Math.Abs(p.X - scene.Obstacle.Centre.X)).Y > scene.Obstacle.Centre.Y);
        }

        Assert.Equal(2, sides.Count);
    }

    [Fact]
    public void EpisodesEndAtTheGoalAtADiscAtAWallOrLate()
    {
        Outcome After(Vector2 action, Scene scene)
        {
            var robot = new Robot(scene);
            for (var i = 0; i <= Robot.MostSteps && robot.Outcome == Outcome.Running; i++)
            {
                robot.Step(action);
            }

            return robot.Outcome;
        }

        var scene = new Scene(new(-0.8f, 0), new(0.8f, 0), new(new(0, 0.5f), 0.2f));
        Assert.Equal(Outcome.Arrived, After(new(1, 0), scene));
        Assert.Equal(Outcome.Collided, After(new(1, 0), scene with { Obstacle = new(new(0, 0), 0.2f) }));
        Assert.Equal(Outcome.Collided, After(new(-5, 0), scene));
        Assert.Equal(Outcome.Late, After(default, scene));
    }

    [Fact]
    public void TheTrainedPolicyArrivesWithTenStepsAndWithForecasts()
    {
        using var policy = Networks.Load(Weights);
        Episode[] episodes = [.. Enumerable.Range(0, 60).Select(seed => new Episode(Scene.Of(seed), seed))];
        foreach (var sampler in new[]
        {
            Sampler.For(policy).Ddim(10, clip: new SampleClip()).Build(),
            Sampler.For(policy).Ddim(50, clip: new SampleClip()).Use(new IntervalForecast(5)).Build(),
        })
        {
            var controller = new Controller(sampler);
            var arrived = Rollouts.Run(controller, episodes, TestContext.Current.CancellationToken).Count(r => r.Outcome == Outcome.Arrived);

            Assert.InRange(arrived, 51, 60);
            Assert.InRange(controller.EvaluationsPerPlan, 5, 15);
        }
    }

    [Fact]
    public void APlanDoesNotDependOnWhoElseIsPlannedFor()
    {
        using var policy = Networks.Load(Weights);
        var controller = new Controller(Sampler.For(policy).Ddim(5, clip: new SampleClip()).Build());
        Robot[] robots = [.. Enumerable.Range(0, 4).Select(seed => new Robot(Scene.Of(seed)))];
        var together = controller.Plan(robots, [10, 11, 12, 13], TestContext.Current.CancellationToken);
        for (var i = 0; i < robots.Length; i++)
        {
            var alone = controller.Plan([robots[i]], [10 + i], TestContext.Current.CancellationToken)[0];
            Assert.Equal(Controller.Executed, alone.Length);
            Assert.All(alone.Zip(together[i]), pair => Assert.InRange(Vector2.Distance(pair.First, pair.Second), 0, 1e-4f));
        }
    }
}
