using System.Collections.Frozen;

namespace Acceleration;

/// <summary>Every key that some published scheduler has: one file often serves several classes, each of which passes over the others' keys.</summary>
internal static class SchedulerKeys
{
    public static FrozenSet<string> All { get; } = FrozenSet.ToFrozenSet(
    [
        "algorithm_type", "base_image_seq_len", "base_shift", "beta_end", "beta_schedule", "beta_start", "clip_sample", "clip_sample_range", "disable_corrector", "dynamic_thresholding_ratio",
        "euler_at_final", "final_sigmas_type", "flow_shift", "interpolation_type", "invert_sigmas", "lambda_min_clipped", "lower_order_final", "max_image_seq_len", "max_shift", "num_train_timesteps",
        "original_inference_steps", "predict_x0", "prediction_type", "rescale_betas_zero_snr", "rho", "sample_max_value", "set_alpha_to_one", "shift", "shift_terminal", "sigma_data", "sigma_max",
        "sigma_min", "sigma_schedule", "skip_prk_steps", "snr_shift_scale", "solver_order", "solver_p", "solver_type", "steps_offset", "stochastic_sampling", "thresholding", "time_shift_type",
        "timestep_scaling", "timestep_spacing", "timestep_type", "trained_betas", "use_beta_sigmas", "use_dynamic_shifting", "use_exponential_sigmas", "use_flow_sigmas", "use_karras_sigmas",
        "use_lu_lambdas", "variance_type",
    ]);
}
