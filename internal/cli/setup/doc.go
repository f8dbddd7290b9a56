// Package setup prepares repositories for keyguard and tests that they are protected:
// install and uninstall, init, doctor, and the import of other scanners' configurations.
//
// install.go handles one repository, install_shared.go a directory of hooks for many,
// and install_manager.go the programs that manage hooks. doctor.go collects the checks
// of doctor_repo.go, doctor_hook.go and doctor_trial.go.
package setup
